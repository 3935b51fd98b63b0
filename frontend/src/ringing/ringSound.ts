// Makes the front ring heard: vibration, this tab's turn to sound, the sound itself, and what to say when it may not.
import type { Playing, PlayOptions } from "../sound/player";
import type { Ring } from "./ringState";

/** "locked": the browser waits for a touch. "elsewhere": another tab of this browser sounds. */
export type SoundState = "off" | "starting" | "here" | "elsewhere" | "locked";

export interface SoundPorts {
  readonly canSound: () => Promise<boolean>;
  readonly play: (options: PlayOptions) => Promise<Playing | null>;
  readonly vibrate: () => () => void;
  readonly claim: (signal: AbortSignal) => Promise<() => void>;
  readonly isClaimed: () => Promise<boolean>;
  readonly keepAwake: () => () => void;
  /** Tell the system what sounds. */
  readonly name: (ring: Ring) => () => void;
  /** Later; gives what calls it off. */
  readonly after: (ms: number, run: () => void) => () => void;
  readonly onState: (state: SoundState) => void;
  readonly onHeard: (ring: Ring) => void;
}

export interface RingSound {
  /** What shall sound now; null for quiet. */
  update(ring: Ring | null): void;
  /** The browser may let us sound now: the person touched the page. */
  retry(): void;
  soften(isSoft: boolean): void;
}

/** From this call of the server on, or after so long, it is as loud as it can be. */
const LOUDEST_RUNG = 3;
const LOUDEST_AFTER_MS = 5 * 60_000;
/** How often a tab that may not sound looks whether another does, or whether it may now. */
const LOOK_MS = 2_000;
const TELL_WAITING_MS = 300;

interface Turn {
  ring: Ring;
  isSoft: boolean;
  playing: Playing | null;
  isStarting: boolean;
  readonly end: AbortController;
  readonly endings: (() => void)[];
}

/** Its ring has not ended while something was waited for. */
function isOn(turn: Turn): boolean {
  return !turn.end.signal.aborted;
}

export function createRingSound(ports: SoundPorts): RingSound {
  let turn: Turn | null = null;

  function stop(): void {
    if (!turn) return;
    const ended = turn;
    turn = null;
    ended.end.abort();
    ended.playing?.stop();
    for (const ending of ended.endings.splice(0)) ending();
    ports.onState("off");
  }

  function start(ring: Ring): void {
    const begun: Turn = { ring, isSoft: false, playing: null, isStarting: false, end: new AbortController(), endings: [] };
    turn = begun;
    begun.endings.push(ports.keepAwake());
    if (ring.content.vibrate) begun.endings.push(ports.vibrate());
    begun.endings.push(ports.after(LOUDEST_AFTER_MS, () => begun.playing?.loudest()));
    void sound(begun);
  }

  async function sound(current: Turn): Promise<void> {
    if (current.isStarting || current.playing) return;
    current.isStarting = true;
    // What throws: its turn ended, or the sound could not be made. The look below tries again while it rings.
    const isHeard = await trySound(current).catch(() => false);
    current.isStarting = false;
    if (!isHeard && isOn(current)) current.endings.push(ports.after(LOOK_MS, () => void sound(current)));
  }

  async function trySound(current: Turn): Promise<boolean> {
    if (!(await ports.canSound())) {
      const isElsewhere = await ports.isClaimed();
      if (isOn(current)) ports.onState(isElsewhere ? "elsewhere" : "locked");
      return false;
    }
    if (!isOn(current)) return false;
    // Told only when it takes a while: usually the turn is ours within a few milliseconds.
    const untell = ports.after(TELL_WAITING_MS, () => ports.onState("elsewhere"));
    current.endings.push(untell);
    const release = await ports.claim(current.end.signal).finally(untell);
    current.endings.push(release);
    const { sound, rampSeconds } = current.ring.content;
    const playing = await ports.play({ sound, rampSeconds });
    if (!playing || !isOn(current)) {
      playing?.stop();
      release();
      if (isOn(current)) ports.onState("locked");
      return false;
    }
    current.playing = playing;
    playing.soften(current.isSoft);
    if (current.ring.rung >= LOUDEST_RUNG) playing.loudest();
    current.endings.push(ports.name(current.ring));
    ports.onState("here");
    ports.onHeard(current.ring);
    return true;
  }

  return {
    update(ring) {
      if (ring && turn?.ring.id === ring.id && turn.ring.ring === ring.ring) {
        if (ring.rung >= LOUDEST_RUNG && turn.ring.rung < LOUDEST_RUNG) turn.playing?.loudest();
        turn.ring = ring;
        return;
      }
      stop();
      if (ring) {
        ports.onState("starting");
        start(ring);
      }
    },
    retry() {
      if (turn) void sound(turn);
    },
    soften(isSoft) {
      if (!turn) return;
      turn.isSoft = isSoft;
      turn.playing?.soften(isSoft);
    },
  };
}
