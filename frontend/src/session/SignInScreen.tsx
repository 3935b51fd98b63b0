// Signing in, and making an account: what the app is in one sentence, the form, and the language.
import { Trans, useLingui } from "@lingui/react/macro";
import { useEffect, useRef, useState } from "react";
import { chooseDeviceLanguage } from "../app/language";
import { follow, navigate } from "../app/router";
import { LOCALES, type Locale } from "../i18n/locale";
import { LOCALE_NAMES } from "../i18n/names";
import { leaveFirstScreen } from "../ui/Screen";
import { Select } from "../ui/Select";
import { Dawn } from "./Dawn";
import { InsecureOrigin } from "../app/InsecureOrigin";
import { useSession } from "./session";
import { SignInForm } from "./SignInForm";
import styles from "./SignInScreen.module.css";

export default function SignInScreen({ isNew }: { readonly isNew: boolean }) {
  const { t, i18n } = useLingui();
  const isAgain = useSession((session) => session.isEnded);
  const known = useSession((session) => session.email);
  const [email, setEmail] = useState(known ?? "");
  const title = isNew ? t`Create your account` : isAgain ? t`Sign in again` : t`Sign in`;
  const heading = useRef<HTMLHeadingElement>(null);
  const shown = useRef(isAgain ? null : isNew); // whoever came here within the app is told where they are
  useEffect(leaveFirstScreen, []);
  useEffect(() => {
    document.title = `${title} · Smart Alarm`;
    if (shown.current !== isNew) heading.current?.focus();
    shown.current = isNew;
  }, [title, isNew]);
  return (
    <div className={styles["page"]}>
      <Dawn className={styles["picture"]} />
      <main className={styles["main"]} id="main">
        <header className={styles["head"]}>
          <p className={styles["brand"]}>Smart Alarm</p>
          <p className={styles["promise"]}>
            <Trans>An alarm clock that rings on all your devices, and tells you why if it could not.</Trans>
          </p>
        </header>
        <h1 ref={heading} tabIndex={-1} className={styles["title"]}>
          {title}
        </h1>
        <InsecureOrigin />
        <SignInForm key={String(isNew)} isNew={isNew} email={email} onEmail={setEmail} onDone={leaveFormPath} />
        <p className={styles["other"]}>
          {isAgain ? (
            <a href="/" onClick={follow}>
              <Trans>Not now</Trans>
            </a>
          ) : isNew ? (
            <Trans>
              You have an account?{" "}
              <a href="/sign-in" onClick={follow}>
                Sign in
              </a>
            </Trans>
          ) : (
            <Trans>
              New here?{" "}
              <a href="/sign-up" onClick={follow}>
                Create an account
              </a>
            </Trans>
          )}
        </p>
        <div className={styles["language"]}>
          <Select
            label={t`Language`}
            options={LOCALES.map((locale) => ({ value: locale, label: LOCALE_NAMES[locale], lang: locale }))}
            value={i18n.locale as Locale}
            onChoose={chooseDeviceLanguage}
          />
        </div>
      </main>
    </div>
  );
}

/** Whoever came by a link to a screen gets that screen; from the form itself the way leads to Today. */
function leaveFormPath(): void {
  if (["/sign-in", "/sign-up"].includes(location.pathname)) navigate("/", true);
}
