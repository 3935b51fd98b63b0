// Everything the person owns, as one JSON file among the device's downloads.
import { api } from "../session/api";

/** Whether it worked. The file is what the server sent, readable. */
export async function downloadExport(): Promise<boolean> {
  try {
    const { data } = await api.GET("/api/v1/me/export");
    if (!data) return false;
    const file = new Blob([JSON.stringify(data, null, 2)], { type: "application/json" });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(file);
    link.download = `smart-alarm-${data.exported_at.slice(0, 10)}.json`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000); // some browsers read it only after the click
    return true;
  } catch {
    return false; // no connection, or the server took too long
  }
}
