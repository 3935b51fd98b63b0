// The form for signing in and up: its fields, its errors in plain words, and the way through the server's answer.
import { Trans, useLingui } from "@lingui/react/macro";
import { useLayoutEffect, useRef, useState, type SubmitEvent } from "react";
import { flushSync } from "react-dom";
import { replica } from "../replica/replica";
import { Button } from "../ui/Button";
import { Field } from "../ui/Field";
import { useLook } from "../ui/look";
import { Progress } from "../ui/Progress";
import { deviceZone, zoneName } from "../ui/zones";
import { ZoneSelect } from "../ui/ZoneSelect";
import { OtherUser } from "./OtherUser";
import { PasswordField } from "./PasswordField";
import { signIn, signUp, type SignInProblem } from "./session";
import styles from "./SignInScreen.module.css";
import { useProblemWords, type Faults } from "./signInWords";

interface Props {
  readonly isNew: boolean;
  readonly email: string;
  readonly onEmail: (email: string) => void;
  readonly onDone: () => void;
}

export function SignInForm({ isNew, email, onEmail, onDone }: Props) {
  const { t, i18n } = useLingui();
  const words = useProblemWords();
  const form = useRef<HTMLFormElement>(null);
  const [password, setPassword] = useState("");
  const [name, setName] = useState("");
  const [zone, setZone] = useState(deviceZone);
  const [isZoneOpen, setZoneOpen] = useState(false);
  const [faults, setFaults] = useState<Faults>({});
  const [isBusy, setBusy] = useState(false);
  const [other, setOther] = useState<(SignInProblem & { reason: "other_user" }) | null>(null);

  /** The first wrong field has the focus; a message without a field is read out by itself. */
  useLayoutEffect(() => {
    form.current?.querySelector<HTMLElement>("[aria-invalid]")?.focus();
  }, [faults]);

  async function submit(isReplacing: boolean): Promise<void> {
    const missing = words.missing({ email, password });
    setFaults(missing);
    if (Object.keys(missing).length > 0 || isBusy) return;
    setBusy(true);
    const given = { email: email.trim(), password };
    const own = name.trim();
    const answer = isNew
      ? await signUp({ ...given, ...(own && { name: own }), time_zone: zone, locale: i18n.locale }, { isReplacing })
      : await signIn(given, { isReplacing });
    flushSync(() => setBusy(false));
    if (answer.ok) {
      if (isNew) takeLanguageAlong();
      onDone();
    } else if (answer.reason === "other_user") setOther(answer);
    else {
      const told = words.faultsOf(answer, password);
      if (told.zone) setZoneOpen(true);
      setFaults(told);
    }
  }

  const city = zoneName(zone);
  return (
    <form
      ref={form}
      className={styles["form"]}
      noValidate
      onSubmit={(event: SubmitEvent) => {
        event.preventDefault();
        void submit(false);
      }}
    >
      <div role="alert">{faults.whole ? <p className={styles["fault"]}>{faults.whole}</p> : null}</div>
      <Field label={t`E-mail`} error={faults.email}>
        {(field) => (
          <input
            {...field}
            type="email"
            inputMode="email"
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            required
            value={email}
            onChange={(event) => onEmail(event.target.value)}
          />
        )}
      </Field>
      <PasswordField isNew={isNew} value={password} onChange={setPassword} error={faults.password} />
      {isNew ? (
        <>
          <Field label={t`Your name (optional)`} error={faults.name}>
            {(field) => (
              <input
                {...field}
                autoComplete="name"
                maxLength={200}
                value={name}
                onChange={(event) => setName(event.target.value)}
              />
            )}
          </Field>
          {isZoneOpen ? (
            <ZoneSelect label={t`Time zone`} error={faults.zone} value={zone} onChoose={setZone} />
          ) : (
            <p className={styles["zone"]}>
              <span>
                <Trans>
                  Your time zone: <strong>{city}</strong>
                </Trans>
              </span>
              <Button look="quiet" onClick={() => setZoneOpen(true)}>
                <Trans>Change</Trans>
              </Button>
            </p>
          )}
        </>
      ) : null}
      <Button look="primary" isBig type="submit" aria-disabled={isBusy}>
        {isNew ? <Trans>Create account</Trans> : <Trans>Sign in</Trans>}
      </Button>
      {isBusy ? <Progress /> : null}
      {other ? (
        <OtherUser
          email={other.email}
          unsent={other.unsent}
          onCancel={() => setOther(null)}
          onGo={() => {
            setOther(null);
            void submit(true);
          }}
        />
      ) : null}
    </form>
  );
}

/** A language that was chosen by hand is meant for all devices, and for what the server writes. */
function takeLanguageAlong(): void {
  const language = useLook.getState().look.deviceLanguage;
  if (language) void replica.write([{ kind: "settings", id: "me", fields: { language } }]);
}
