// Holds a broken screen, so that the rest of the app goes on; says what to do in plain words.
import { Trans } from "@lingui/react/macro";
import { Component, type ReactNode } from "react";
import { Button } from "../ui/Button";
import { EmptyState } from "../ui/EmptyState";
import { WarningIcon } from "../ui/icons";

interface Props {
  /** Another path is another try. */
  readonly path?: string;
  readonly children: ReactNode;
}

export class ErrorBoundary extends Component<Props, { readonly isBroken: boolean }> {
  override state = { isBroken: false };

  static getDerivedStateFromError(): { isBroken: boolean } {
    return { isBroken: true };
  }

  override componentDidUpdate(before: Props): void {
    if (before.path !== this.props.path && this.state.isBroken) this.setState({ isBroken: false });
  }

  override render(): ReactNode {
    return this.state.isBroken ? <Broken /> : this.props.children;
  }
}

function Broken() {
  return (
    <main id="main">
      <EmptyState
        icon={<WarningIcon />}
        title={<Trans>This screen did not load</Trans>}
        action={
          <Button look="primary" onClick={() => location.reload()}>
            <Trans>Load it again</Trans>
          </Button>
        }
      >
        <p role="alert">
          <Trans>
            It may not be on this device yet, or something in the app went wrong. It is not your fault. Try again when there
            is a connection.
          </Trans>
        </p>
      </EmptyState>
    </main>
  );
}
