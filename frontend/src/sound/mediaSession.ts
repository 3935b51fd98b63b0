// Tells the system what is sounding: its name shows on the lock screen and in the volume panel.

/** Until the returned function is called. */
export function nameSound(title: string): () => void {
  const session = (navigator as { readonly mediaSession?: MediaSession }).mediaSession;
  if (!session || typeof MediaMetadata === "undefined") return () => undefined;
  const artwork = [{ src: "/icon-192.png", sizes: "192x192", type: "image/png" }];
  session.metadata = new MediaMetadata({ title, artist: "Smart Alarm", artwork });
  session.playbackState = "playing";
  return () => {
    session.metadata = null;
    session.playbackState = "none";
  };
}
