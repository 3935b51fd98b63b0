// The id of an imported night follows from whose it is, where it comes from and when it began: importing it again is the
// same night.
import { sha1 } from "./sha1";

/** The namespace of these ids (RFC 9562, version 5); it never changes. */
const NAMESPACE = "5d1c4f0e-3b0c-5f57-9d0a-6f1f2a7b9c3e";
const encoder = new TextEncoder();

interface Night {
  readonly userId: string;
  readonly kind: string;
  readonly startMs: number;
}

/** `turn` 0; one more for each time that somebody deleted the night, since the id of a deleted one stays spent. */
export function nightId({ userId, kind, startMs }: Night, turn: number): string {
  return uuid5(NAMESPACE, [userId, kind, new Date(startMs).toISOString(), ...(turn > 0 ? [turn] : [])].join("/"));
}

export function uuid5(namespace: string, name: string): string {
  const prefix = Uint8Array.from(namespace.replaceAll("-", "").match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  const bytes = sha1(Uint8Array.from([...prefix, ...encoder.encode(name)])).slice(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x50;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
