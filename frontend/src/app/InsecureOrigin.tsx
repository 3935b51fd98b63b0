// One sentence for an address without HTTPS: what does not work there, and how to get it.
import { Trans } from "@lingui/react/macro";
import { WarningIcon } from "../ui/icons";
import styles from "./InsecureOrigin.module.css";

export function InsecureOrigin() {
  if (window.isSecureContext) return null;
  return (
    <div className={styles["note"]} role="note">
      <WarningIcon />
      <div>
        <p>
          <Trans>
            This address has no HTTPS: notifications, offline use, keeping the screen on and staying signed in do not work
            here.
          </Trans>
        </p>
        <details>
          <summary>
            <Trans>How to get HTTPS</Trans>
          </summary>
          <p>
            <Trans>
              Whoever runs this server can put a web server such as Caddy in front of it, which gets a certificate by itself,
              or a private network such as Tailscale. On the computer that runs it, http://localhost works as it is.
            </Trans>
          </p>
        </details>
      </div>
    </div>
  );
}
