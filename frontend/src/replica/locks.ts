// One at a time: among all tabs and the worker where the browser has Web Locks, else within this page.

export interface Locks {
  request<Result>(name: string, run: () => Promise<Result>): Promise<Result>;
}

const queues = new Map<string, Promise<unknown>>();

/** For origins that are not secure (a LAN address) and for tests: Web Locks are missing there. */
export const pageLocks: Locks = {
  request(name, run) {
    const turn = (queues.get(name) ?? Promise.resolve()).then(run, run);
    queues.set(
      name,
      turn.catch(() => undefined),
    );
    return turn;
  },
};

export function browserLocks(): Locks {
  const web = (navigator as { readonly locks?: LockManager }).locks;
  if (!web) return pageLocks;
  return { request: async (name, run) => await web.request(name, run) };
}
