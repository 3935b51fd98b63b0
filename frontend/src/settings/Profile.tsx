// Who the person is here, and the zone that their alarms follow.
import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useOne } from "../replica/hooks";
import { useSession } from "../session/session";
import { Card } from "../ui/Card";
import { Field } from "../ui/Field";
import { Button } from "../ui/Button";
import { deviceZone, zoneName } from "../ui/zones";
import { ZoneSelect } from "../ui/ZoneSelect";
import { changeProfile } from "./change";

export function Profile() {
  const { t } = useLingui();
  const profile = useOne("profile", "me")?.fields;
  const email = useSession((session) => session.email);
  const [typed, setTyped] = useState<string | null>(null);
  if (!profile) return null;
  const here = deviceZone();
  const hereName = zoneName(here);
  const save = () => {
    const name = typed?.trim();
    if (name && name !== profile.name) changeProfile({ name });
    setTyped(null);
  };
  return (
    <Card title={<Trans>You</Trans>}>
      <Field label={t`Name`}>
        {(field) => (
          <input
            {...field}
            autoComplete="name"
            maxLength={200}
            value={typed ?? profile.name}
            onChange={(event) => setTyped(event.target.value)}
            onBlur={save}
            onKeyDown={(event) => {
              if (event.key === "Enter") save();
            }}
          />
        )}
      </Field>
      <Field label={t`E-mail`}>
        {(field) => <input {...field} type="email" readOnly value={profile.email ?? email ?? ""} />}
      </Field>
      <ZoneSelect
        label={t`Time zone`}
        hint={t`Alarms without a zone of their own ring by this one.`}
        value={profile.time_zone}
        onChoose={(time_zone) => changeProfile({ time_zone })}
      />
      {here !== profile.time_zone ? (
        <Button onClick={() => changeProfile({ time_zone: here })}>
          <Trans>Use the zone of this device: {hereName}</Trans>
        </Button>
      ) : null}
    </Card>
  );
}
