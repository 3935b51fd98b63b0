// Time zones by name, for lists. What the time is in them, only the server's tables say.

/** The zone this device is set to. */
export function deviceZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** "America/Argentina/Buenos_Aires" reads "Buenos Aires (Argentina)". */
export function zoneName(zone: string): string {
  const [, ...parts] = zone.replaceAll("_", " ").split("/");
  const city = parts.pop();
  if (city === undefined) return zone;
  return parts.length > 0 ? `${city} (${parts.join(", ")})` : city;
}

/** Every name once, by the part before the slash, both sorted; names without one come last. */
export function zoneGroups(
  names: readonly string[],
  also: readonly string[],
): readonly { readonly region: string; readonly zones: readonly string[] }[] {
  const groups = new Map<string, string[]>();
  for (const name of new Set([...names, ...also])) {
    const region = name.includes("/") ? name.slice(0, name.indexOf("/")) : "UTC";
    groups.set(region, [...(groups.get(region) ?? []), name]);
  }
  return [...groups]
    .map(([region, zones]) => ({ region, zones: zones.sort((a, b) => zoneName(a).localeCompare(zoneName(b))) }))
    .sort((a, b) => Number(a.region === "UTC") - Number(b.region === "UTC") || a.region.localeCompare(b.region));
}
