// Writing one's own settings and profile: at once on this device, sent when there is a connection.
import type { Preferences } from "../api/types";
import { useOne } from "../replica/hooks";
import { replica } from "../replica/replica";
import type { ProfileFields } from "../replica/types";

export function changeSettings(fields: Partial<Preferences>): void {
  void replica.write([{ kind: "settings", id: "me", fields }]);
}

export function changeProfile(fields: Partial<Pick<ProfileFields, "name" | "time_zone">>): void {
  void replica.write([{ kind: "profile", id: "me", fields }]);
}

export function useIsPending(kind: "settings" | "profile"): boolean {
  return useOne(kind, "me")?.isPending ?? false;
}
