// How a ring ended, in a word.
import { Trans } from "@lingui/react/macro";
import type { OccurrenceFields } from "../replica/types";
import { Badge } from "../ui/Badge";

export function StateBadge({ state }: { readonly state: OccurrenceFields["state"] }) {
  switch (state) {
    case "dismissed":
      return (
        <Badge tone="good">
          <Trans>Answered</Trans>
        </Badge>
      );
    case "missed":
      return (
        <Badge tone="bad">
          <Trans>Missed</Trans>
        </Badge>
      );
    case "skipped":
      return (
        <Badge>
          <Trans>Skipped</Trans>
        </Badge>
      );
    case "ringing":
      return (
        <Badge tone="primary">
          <Trans>Ringing now</Trans>
        </Badge>
      );
    case "snoozed":
      return (
        <Badge tone="warn">
          <Trans>Snoozed</Trans>
        </Badge>
      );
    case "pending":
      return (
        <Badge>
          <Trans>Coming</Trans>
        </Badge>
      );
  }
}
