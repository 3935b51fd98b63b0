// What runs beside the screens and can come a moment after the first picture.
import { useEffect } from "react";
import { Shortcuts } from "./Shortcuts";
import { UpdatePrompt } from "./UpdatePrompt";

export default function Extras() {
  useEffect(() => {
    // Nights that were recorded without a connection, or whose page was closed.
    void import("../recording/leftovers").then(({ sendLeftNights }) => sendLeftNights()).catch(() => undefined);
  }, []);
  return (
    <>
      <Shortcuts />
      <UpdatePrompt />
    </>
  );
}
