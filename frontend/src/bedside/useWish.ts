// Whether the person wants tonight recorded: as last time, and so after a reload in the night.
import { useEffect, useState } from "react";
import { navigate } from "../app/router";
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
      if (isAskedFor()) {
        navigate(location.pathname, true); // said once: after a reload the switch counts
        await nights.want(true);
      }
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

/** "Record tonight" was pressed elsewhere: to press it and then find the switch off would lose the night. */
function isAskedFor(): boolean {
  return new URLSearchParams(location.search).has("record");
}
