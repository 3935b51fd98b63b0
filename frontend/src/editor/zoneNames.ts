// The names of time zones to choose from. Only the names: what their clocks show comes from the server.
let names: readonly string[] | undefined;

/** As the browser knows them; the server has the last word. */
export function zoneNames(): readonly string[] {
  names ??= ["UTC", ...Intl.supportedValuesOf("timeZone").filter((name) => name !== "UTC")];
  return names;
}

export function isZoneName(name: string): boolean {
  return zoneNames().includes(name);
}
