// Whether the person wants tonight recorded: as last time, and so after a reload in the night.
import { useEffect, useState } from "react";
import { RESUMED_WITHIN_MS } from "../recording/recorder";
import { nights } from "../recording/live";
import { replica } from "../replica/replica";
import { useSession } from "../session/session";

interface Wish {
  readonly isWanted: boolean;
  /** A night was interrupted a moment ago. */
  readonly hasNightToGoOn: boolean;
}

export function useWish(): Wish & { readonly want: (isWanted: boolean) => void } {
  const userId = useSession((session) => session.userId);
  const [wish, setWish] = useState<Wish>({ isWanted: false, hasNightToGoOn: false });
  useEffect(() => {
    let isGone = false;
    const read = async () => {
      const isWanted = await nights.isWanted();
      const all = userId === null ? [] : await nights.of(userId);
      const isRecent = (lastAt: number) => replica.now() - lastAt < RESUMED_WITHIN_MS;
      const hasNightToGoOn = all.some((night) => night.endedAt === null && isRecent(night.lastAt));
      if (!isGone) setWish({ isWanted, hasNightToGoOn });
    };
    read().catch(() => undefined); // without a disk it is asked each night
    return () => {
      isGone = true;
    };
  }, [userId]);
  return {
    ...wish,
    want: (isWanted) => {
      setWish((before) => ({ ...before, isWanted }));
      nights.want(isWanted).catch(() => undefined);
    },
  };
}
