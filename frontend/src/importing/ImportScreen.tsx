// Bringing along nights that a watch or another app recorded. The file is read on this device and stays on it.
import { useLingui } from "@lingui/react/macro";
import { Queries } from "../api/queries";
import { useOne } from "../replica/hooks";
import { Screen } from "../ui/Screen";
import { deviceZone } from "../ui/zones";
import { ChooseFile } from "./ChooseFile";
import { Look } from "./Look";
import { Reading } from "./Reading";
import { SendingNights } from "./SendingNights";
import { useImport } from "./useImport";

export default function ImportScreen() {
  const { t } = useLingui();
  return (
    <Screen title={t`Import nights`}>
      <Queries>
        <Steps />
      </Queries>
    </Screen>
  );
}

function Steps() {
  const running = useImport();
  const zone = useOne("profile", "me")?.fields.time_zone ?? deviceZone();
  const { step } = running;
  switch (step.name) {
    case "choose":
      return <ChooseFile fault={step.fault} isAgain={step.isAgain} onChoose={(file) => running.read(file, zone)} />;
    case "read":
      return <Reading fileName={step.fileName} share={step.share} onCancel={running.stop} />;
    case "look":
      return <Look looking={step} running={running} />;
    case "send":
    case "done":
      return <SendingNights sending={step} onStop={running.stop} onRestart={running.restart} />;
  }
}
