// Which devices ring: always, as a backup when nobody answers, or never.
import { useLingui } from "@lingui/react/macro";
import { replica } from "../replica/replica";
import type { DeviceFields, Shown } from "../replica/types";
import { RadioGroup } from "../ui/RadioGroup";

interface Props {
  readonly device: Shown<"device">;
  readonly isOwn?: boolean;
}

export function RoleChoice({ device, isOwn = false }: Props) {
  const { t } = useLingui();
  const { name, ring } = device.fields;
  const hints = {
    always: t`It rings with every alarm.`,
    backup: t`It rings when nobody answers for two minutes, or when no other device can.`,
    never: t`It stays quiet. You can still use it to see and change alarms.`,
  };
  const choose = (role: DeviceFields["ring"]) =>
    void replica.write([{ kind: "device", id: device.id, fields: { ring: role } }]);
  return (
    <RadioGroup
      label={isOwn ? t`When does this device ring?` : t`When does ${name} ring?`}
      hint={hints[ring]}
      choices={[
        { value: "always", label: t`Always` },
        { value: "backup", label: t`Backup` },
        { value: "never", label: t`Never` },
      ]}
      value={ring}
      onChoose={choose}
    />
  );
}
