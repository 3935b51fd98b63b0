// What the page and the worker that reads say to one another.
import type { FileFault, Found } from "./sleepRecords";

export interface ReadRequest {
  readonly file: Blob;
  readonly zone: string;
  readonly nowMs: number;
  readonly keptFromMs: number;
}

export type ReadMessage =
  | { readonly type: "progress"; readonly share: number }
  | { readonly type: "found"; readonly found: Found }
  | { readonly type: "fault"; readonly fault: FileFault; readonly detail: string | null };
