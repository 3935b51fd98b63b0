// Sleep: what the recorded nights say, or one night of them.
import { Trans, useLingui } from "@lingui/react/macro";
import { LinkButton } from "../ui/Button";
import { EmptyState } from "../ui/EmptyState";
import { SleepIcon } from "../ui/icons";
import { Screen } from "../ui/Screen";

export default function SleepScreen({ sessionId }: { readonly sessionId: string | null }) {
  const { t } = useLingui();
  return (
    <Screen key={sessionId} title={t`Sleep`}>
      <EmptyState
        icon={<SleepIcon />}
        title={t`No nights yet`}
        action={
          <LinkButton look="primary" href="/bedside">
            <Trans>Record tonight</Trans>
          </LinkButton>
        }
      />
    </Screen>
  );
}
