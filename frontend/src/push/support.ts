// Whether this browser, here, can get pushes at all. Pure.

export type Support =
  | "ok"
  /** No HTTPS: browsers give no worker and no push. */
  | "insecure"
  /** An iPhone or iPad in the browser: push exists only for an app on the home screen. */
  | "home_screen"
  | "unsupported";

export interface Surface {
  readonly isSecure: boolean;
  readonly hasWorker: boolean;
  readonly hasPush: boolean;
  readonly hasNotification: boolean;
  readonly isAppleTouch: boolean;
  readonly isStandalone: boolean;
}

export function supportOf(surface: Surface): Support {
  if (!surface.isSecure) return "insecure";
  if (surface.isAppleTouch && !surface.isStandalone) return "home_screen";
  return surface.hasWorker && surface.hasPush && surface.hasNotification ? "ok" : "unsupported";
}
