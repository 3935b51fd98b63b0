// Whether this device will ring, for Today's card and the devices screen: what is on the disk and in the browser, no calls.
import { useEffect } from "react";
import { useShownHereWords, useStepWords } from "../devices/stepWords";
import { useAll, useSyncState } from "../replica/hooks";
import { useAudio } from "../sound/audio";
import { readFacts, useFacts } from "./facts";
import { judge, type Judged, type Verdict, type VerdictFacts } from "./verdict";

export interface Readiness {
  readonly verdict: Verdict;
  /** For "will_show": what is to be expected here. */
  readonly shownHere: string;
  /** The one thing to do, in words; null: nothing. */
  readonly todo: string | null;
}

export interface OwnDevice extends Judged {
  readonly facts: VerdictFacts;
  readonly deviceId: string | null;
}

/** Null until the disk and the browser were asked. `health`: what the server thinks, where that was asked. */
export function useOwnDevice(health: VerdictFacts["health"] = null): OwnDevice | null {
  const known = useFacts();
  const devices = useAll("device");
  const audio = useAudio((state) => state.state);
  const { clockOffsetMs } = useSyncState();
  useEffect(() => {
    if (!known.isRead) void readFacts();
  }, [known.isRead]);
  if (!known.isRead || devices === null) return null;
  const own = devices.find((device) => device.id === known.deviceId)?.fields;
  const facts: VerdictFacts = {
    support: known.support,
    permission: known.permission,
    endpoint: known.endpoint,
    serverEndpoint: own?.push_subscription?.endpoint ?? null,
    ring: own?.ring ?? null,
    health,
    lastTest: known.lastTest,
    audio,
    clockOffsetMs,
  };
  return { ...judge(facts), facts, deviceId: known.deviceId };
}

export function useReadiness(): Readiness | null {
  const own = useOwnDevice();
  const stepWords = useStepWords();
  const shownHereWords = useShownHereWords();
  if (own === null) return null;
  const { verdict, step, facts } = own;
  return { verdict, shownHere: shownHereWords(facts.audio), todo: step && stepWords(step) };
}
