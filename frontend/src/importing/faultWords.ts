// Why a whole file cannot be read, and what to do, in plain words.
import type { I18n } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { FileUnreadable } from "./sleepRecords";

export function faultInWords(i18n: I18n, { fault, detail }: FileUnreadable): string {
  switch (fault) {
    case "empty":
      return i18n._(msg`This file is empty.`);
    case "not_known":
      return i18n._(msg`This is neither an Apple Health export nor a CSV file.`);
    case "not_health":
      return i18n._(msg`This is not an export of Apple Health. It is called export.zip, or export.xml inside of it.`);
    case "no_export_inside":
      return i18n._(msg`There is no Apple Health export in this archive.`);
    case "zip_damaged":
      return i18n._(msg`The archive is damaged or not complete. Please export it again, or copy it here once more.`);
    case "zip_encrypted":
      return i18n._(msg`The archive is locked with a password. Please unpack it first, then choose export.xml.`);
    case "zip_method":
      return i18n._(
        msg`The archive is packed in a way that browsers cannot unpack. Please unpack it, then choose export.xml.`,
      );
    case "cannot_unzip":
      return i18n._(msg`This browser cannot unpack archives. Please unpack it, then choose export.xml.`);
    case "too_big":
      return i18n._(msg`This CSV file is too large. Please cut it into parts of at most 64 MB.`);
    case "too_many_records":
      return i18n._(msg`There is more sleep in this file than one person can sleep.`);
    case "no_header":
      return i18n._(msg`The first line has to name the columns. The example below shows how.`);
    case "no_columns":
      return i18n._(msg`Columns are missing: either start, end and stage, or time and count.`);
    case "both_kinds":
      return i18n._(msg`There are stages and counts in one file. Please keep one of the two columns.`);
    case "epoch_length": {
      const seconds = detail ?? "?";
      return i18n._(msg`Counts come one row for every 30 seconds. Here it is a row for every ${seconds} seconds.`);
    }
    case "unreadable":
      return i18n._(msg`The file cannot be read. If it lies in a cloud, please copy it to this device first.`);
  }
}
