// What runs beside the screens and can come a moment after the first picture.
import { Shortcuts } from "./Shortcuts";
import { UpdatePrompt } from "./UpdatePrompt";

export default function Extras() {
  return (
    <>
      <Shortcuts />
      <UpdatePrompt />
    </>
  );
}
