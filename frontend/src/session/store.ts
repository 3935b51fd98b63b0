// Who is signed in on this device, for screens.
import { create } from "zustand";

export interface Session {
  /** "starting" until the disk was read; "signed_in" also without a connection, once this device was signed in. */
  readonly status: "starting" | "signed_out" | "signed_in";
  readonly userId: string | null;
  readonly email: string | null;
  /** The server ended the session: what is on the device is still shown, and the person has to sign in again. */
  readonly isEnded: boolean;
}

export const useSession = create<Session>()(() => ({ status: "starting", userId: null, email: null, isEnded: false }));
