// The steps of an import: choose, read, look, send, done. Nothing is sent before somebody has looked.
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { replica } from "../replica/replica";
import { useSession } from "../session/session";
import { readInWorker } from "./readInWorker";
import { endsAll, sendNight, type Measured, type Outcome } from "./sending";
import { callsOf, fetchStored } from "./server";
import { FileUnreadable, type FileKind, type Found, type Night } from "./sleepRecords";
import { canBeChosen, daysKept, markOf, USUAL_DAYS, type StoredNight } from "./stored";

const DAY_MS = 86_400_000;

export interface Looking {
  readonly name: "look";
  readonly file: File;
  readonly zone: string;
  readonly found: Found;
  /** Null: without a connection nobody knows. */
  readonly stored: readonly StoredNight[] | null;
  readonly days: number;
  /** Else it is what servers keep unless whoever runs one chose otherwise. */
  readonly isDaysKnown: boolean;
  /** By the nights' beginnings. */
  readonly chosen: ReadonlySet<number>;
}

export interface Sending {
  readonly name: "send" | "done";
  readonly nights: readonly Night[];
  readonly outcomes: readonly Outcome[];
  readonly isStopped: boolean;
}

export type Step =
  | { readonly name: "choose"; readonly fault: FileUnreadable | null; readonly isAgain: boolean }
  | { readonly name: "read"; readonly fileName: string; readonly share: number }
  | Looking
  | Sending;

export interface Import {
  readonly step: Step;
  readonly read: (file: File, zone: string) => void;
  readonly choose: (startMs: readonly number[], isChosen: boolean) => void;
  readonly send: (nights: readonly Night[], kind: FileKind, measured: Measured) => void;
  /** Ends reading, or sending after the night that is under way. */
  readonly stop: () => void;
  readonly restart: () => void;
}

export function useImport(): Import {
  const [step, setStep] = useState<Step>({ name: "choose", fault: null, isAgain: false });
  const running = useRef<AbortController | null>(null);
  const queries = useQueryClient();
  const userId = useSession((session) => session.userId);
  useEffect(() => () => running.current?.abort(), []);

  function begin(): AbortSignal {
    running.current?.abort();
    running.current = new AbortController();
    return running.current.signal;
  }

  async function read(file: File, zone: string): Promise<void> {
    const signal = begin();
    const show = (next: Step) => (signal.aborted ? undefined : setStep(next));
    const before = step.name === "look" && step.file === file ? step : null; // another zone: what is on screen stays
    const showShare = (share: number) => (before ? undefined : show({ name: "read", fileName: file.name, share }));
    showShare(0);
    const stored = before ? before.stored : await fetchStored();
    const knownDays = daysKept(stored ?? []);
    const days = knownDays ?? USUAL_DAYS;
    const nowMs = replica.now();
    if (signal.aborted) return;
    try {
      const request = { file, zone, nowMs, keptFromMs: nowMs - days * DAY_MS };
      const found = await readInWorker(request, signal, showShare);
      const chosen = new Set(
        found.nights.filter((night) => canBeChosen(night, markOf(night, stored ?? []))).map(({ startMs }) => startMs),
      );
      show({ name: "look", file, zone, found, stored, days, isDaysKnown: knownDays !== null, chosen });
    } catch (error) {
      const fault = error instanceof FileUnreadable ? error : new FileUnreadable("unreadable");
      show({ name: "choose", fault, isAgain: true });
    }
  }

  async function send(nights: readonly Night[], kind: FileKind, measured: Measured): Promise<void> {
    const signal = begin();
    const outcomes: Outcome[] = [];
    const show = (name: "send" | "done") =>
      setStep({ name, nights, outcomes: [...outcomes], isStopped: name === "done" && outcomes.length < nights.length });
    show("send");
    await replica.syncNow(); // the consent that was given here a moment ago
    const ports = { call: callsOf(new AbortController().signal), wait, random: () => Math.random() };
    for (const night of [...nights].sort((a, b) => a.startMs - b.startMs)) {
      if (signal.aborted) break;
      const outcome = await sendNight(night, { userId: userId ?? "", kind, measured }, ports).catch(
        (): Outcome => "unreachable",
      );
      outcomes.push(outcome);
      if (endsAll(outcome)) break;
      show("send");
    }
    void queries.invalidateQueries({ queryKey: ["sleep"] });
    show("done");
  }

  return {
    step,
    read: (file, zone) => void read(file, zone),
    choose: (startMs, isChosen) =>
      setStep((now) => {
        if (now.name !== "look") return now;
        const chosen = new Set(now.chosen);
        for (const one of startMs)
          if (isChosen) chosen.add(one);
          else chosen.delete(one);
        return { ...now, chosen };
      }),
    send: (nights, kind, measured) => void send(nights, kind, measured),
    stop: () => {
      running.current?.abort();
      setStep((now) => (now.name === "read" ? { name: "choose", fault: null, isAgain: true } : now));
    },
    restart: () => setStep({ name: "choose", fault: null, isAgain: true }),
  };
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
