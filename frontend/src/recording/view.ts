// What screens are told of a recording.
import type { Pause } from "./nights";
import type { Refusal } from "./refusals";

/** Why nothing is recorded. */
export type Problem =
  /** The browser has no movement sensor to offer, or only to pages with HTTPS. */
  | "unsupported"
  /** The person, or their settings, said no. */
  | "denied"
  /** The browser offers it, and nothing comes: a desktop. */
  | "no_samples"
  /** Another tab of this browser records. */
  | "other_tab"
  | "failed"
  | Refusal;

export type Recording =
  | { readonly status: "off"; readonly problem: Problem | null }
  /** Waiting for the first sample. */
  | { readonly status: "starting" }
  | {
      readonly status: "recording";
      readonly id: string;
      readonly startAt: number;
      /** When the newest counted half minute ended. */
      readonly countedAt: number | null;
      /** Since when no sample came; null: they come. */
      readonly silentSince: number | null;
      readonly pauses: readonly Pause[];
      /** How many half minutes wait to be sent. */
      readonly waiting: number;
    }
  | {
      readonly status: "ended";
      readonly id: string;
      readonly startAt: number;
      readonly endAt: number;
      readonly pauses: readonly Pause[];
      /** Whether all of it is with the server; null while that is being tried. */
      readonly isSent: boolean | null;
    };

export const OFF: Recording = { status: "off", problem: null };
