// Who is signed in on this device, for screens.
import { create } from "zustand";
import { context } from "../replica/context";

export interface Session {
  /** "starting" until the disk was read; "signed_in" also without a connection, once this device was signed in. */
  readonly status: "starting" | "signed_out" | "signed_in";
  readonly userId: string | null;
  readonly email: string | null;
  /** The server ended the session: what is on the device is still shown, and the person has to sign in again. */
  readonly isEnded: boolean;
}

export const useSession = create<Session>()(() => ({ status: "starting", userId: null, email: null, isEnded: false }));

export const SIGNED_OUT: Session = { status: "signed_out", userId: null, email: null, isEnded: false };

/** Take over what the disk says. */
export async function readSession(): Promise<void> {
  const known = await context()
    .disk.read("session")
    .catch(() => undefined); // without a disk nothing is kept: sign in each time
  if (known) {
    useSession.setState({ status: "signed_in", userId: known.userId, email: known.email, isEnded: known.isEnded });
  } else {
    useSession.setState(SIGNED_OUT);
  }
}
