// Choosing a time zone: the browser's list, by continent, with the device's own first.
import { useLingui } from "@lingui/react/macro";
import { useMemo, type ReactNode } from "react";
import { Field } from "./Field";
import { ExpandIcon } from "./icons";
import { useAtOnce } from "./useAtOnce";
import styles from "./Select.module.css";
import { deviceZone, zoneGroups, zoneName } from "./zones";

interface Props {
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  readonly error?: ReactNode;
  readonly value: string;
  readonly onChoose: (zone: string) => void;
}

export function ZoneSelect({ label, hint, error, value, onChoose }: Props) {
  const { t } = useLingui();
  const [shown, choose] = useAtOnce(value);
  const groups = useMemo(() => zoneGroups(Intl.supportedValuesOf("timeZone"), [value, deviceZone()]), [value]);
  return (
    <Field label={label} hint={hint} error={error}>
      {(field) => (
        <span className={styles["frame"]}>
          <select
            {...field}
            className={`${field.className ?? ""} ${styles["select"] ?? ""}`}
            value={shown}
            onChange={(event) => {
              choose(event.target.value);
              onChoose(event.target.value);
            }}
          >
            <optgroup label={t`This device`}>
              <option value={deviceZone()}>{zoneName(deviceZone())}</option>
            </optgroup>
            {groups.map(({ region, zones }) => (
              <optgroup key={region} label={region}>
                {zones
                  .filter((zone) => zone !== deviceZone())
                  .map((zone) => (
                    <option key={zone} value={zone}>
                      {zoneName(zone)}
                    </option>
                  ))}
              </optgroup>
            ))}
          </select>
          <ExpandIcon className={styles["arrow"]} />
        </span>
      )}
    </Field>
  );
}
