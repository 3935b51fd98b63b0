// Who is signed in on this device. The access token lives in memory alone, the refresh token in the HttpOnly cookie.
import { create } from "zustand";
import { createApi } from "../api/client";

export interface Session {
  /** "starting" until the disk was read; "signed_in" also without a connection, once this device was signed in. */
  readonly status: "starting" | "signed_out" | "signed_in";
  readonly userId: string | null;
  readonly email: string | null;
}

export const useSession = create<Session>()(() => ({ status: "starting", userId: null, email: null }));

/** A valid access token, refreshed when needed; null when signed out or without a connection. */
export function accessToken(): Promise<string | null> {
  return Promise.resolve(null);
}

export const api = createApi(accessToken);
