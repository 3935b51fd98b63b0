// The words of the import: what a file says of somebody's sleep, what is wrong in it, and the nights made of it.

export type Stage = "wake" | "light" | "deep" | "rem";

/** The length of an epoch, as everywhere in Smart Alarm. */
export const EPOCH_MS = 30_000;
/** A pause longer than this lies between two nights. */
export const NIGHT_GAP_MS = 3 * 3_600_000;
/** What the server takes as one night: ten minutes to a day. */
export const FEWEST_EPOCHS = 20;
export const MOST_EPOCHS = 2_880;

/** Of a stretch of time: its stage, asleep without a stage, or only that somebody lay in bed. */
export type Told = Stage | "asleep" | "in_bed";

/** One stretch of time that a source wrote down. */
export interface SleepRecord {
  readonly startMs: number;
  readonly endMs: number;
  readonly told: Told;
  /** What the file calls the watch, phone or app that wrote it. */
  readonly source: string;
  readonly isWrist: boolean;
  /** The IANA zone that the record names, if it does. */
  readonly zone: string | null;
}

export type ProblemCode =
  | "tag_broken"
  | "date_missing"
  | "date_wrong"
  | "end_before_start"
  | "too_long"
  | "in_future"
  | "stage_unknown"
  | "quote_open"
  | "columns_missing"
  | "count_wrong"
  | "heart_rate_wrong"
  | "epoch_twice"
  | "file_ends_early";

/** What is wrong with one record; it alone is left out. */
export interface Problem {
  readonly code: ProblemCode;
  /** The line of the file, from 1. */
  readonly line: number;
  /** What is written there, shortened; null where nothing is. */
  readonly written: string | null;
}

/** The first of the problems, and how many there are in all. */
export interface Problems {
  readonly first: readonly Problem[];
  readonly count: number;
}

/** Why a night cannot be imported, whatever the server has. */
export type Obstacle = "no_stages" | "few_stages" | "too_short" | "too_long";

export interface Minutes {
  readonly wake: number;
  readonly light: number;
  readonly deep: number;
  readonly rem: number;
  /** Asleep, with no stage told. */
  readonly asleep: number;
  /** Nothing told at all. */
  readonly untold: number;
}

interface NightOfAnyKind {
  readonly startMs: number;
  readonly endMs: number;
  /** The IANA zone that it was slept in, as far as the file tells; else the person's. */
  readonly zone: string;
  readonly source: string;
  readonly isWrist: boolean;
  /** Other sources of the same night, which are left out: two views of one night are not added up. */
  readonly others: readonly string[];
  readonly obstacle: Obstacle | null;
}

/** A night with stages that another device or app made out. */
export interface StagedNight extends NightOfAnyKind {
  readonly kind: "stages";
  readonly stages: readonly (Stage | null)[];
  readonly minutes: Minutes;
}

/** A night of movement counts, whose stages Smart Alarm makes out. */
export interface CountedNight extends NightOfAnyKind {
  readonly kind: "counts";
  readonly counts: readonly (number | null)[];
  readonly heartRate: readonly (number | null)[] | null;
}

export type Night = StagedNight | CountedNight;

export type FileKind = "apple_health" | "csv";

/** All that was found in a file. */
export interface Found {
  readonly kind: FileKind;
  /** Newest first. */
  readonly nights: readonly Night[];
  /** Nights from before the earliest that is kept: counted alone. */
  readonly older: number;
  readonly problems: Problems;
  /** Times in the file carry no zone; they were read in the one that was asked for. */
  readonly isZoneAssumed: boolean;
}

/** Why a whole file cannot be read. */
export type FileFault =
  | "empty"
  | "not_known"
  | "not_health"
  | "no_export_inside"
  | "zip_damaged"
  | "zip_encrypted"
  | "zip_method"
  | "cannot_unzip"
  | "too_big"
  | "too_many_records"
  | "no_header"
  | "no_columns"
  | "both_kinds"
  | "epoch_length"
  | "unreadable";

/** Nothing can be told of the file but this. */
export class FileUnreadable extends Error {
  constructor(
    readonly fault: FileFault,
    readonly detail: string | null = null,
  ) {
    super(fault);
  }
}
