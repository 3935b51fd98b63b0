// There is nothing at this address.
import { Trans, useLingui } from "@lingui/react/macro";
import { LinkButton } from "../ui/Button";
import { Screen } from "../ui/Screen";

export function NotFound() {
  const { t } = useLingui();
  return (
    <Screen title={t`Nothing here`}>
      <p>
        <Trans>This page does not exist. Your alarms are safe.</Trans>
      </p>
      <LinkButton look="primary" href="/">
        <Trans>Go to Today</Trans>
      </LinkButton>
    </Screen>
  );
}
