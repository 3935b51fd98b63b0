// Zone names as people read them.
import { expect, it } from "vitest";
import { zoneGroups, zoneName } from "./zones";

it("names the city, and the state where there is one", () => {
  expect(zoneName("America/Sao_Paulo")).toBe("Sao Paulo");
  expect(zoneName("America/Argentina/Buenos_Aires")).toBe("Buenos Aires (Argentina)");
  expect(zoneName("UTC")).toBe("UTC");
});

it("groups every name once, and keeps a name that the browser does not list", () => {
  expect(zoneGroups(["Europe/Madrid", "America/Lima", "Europe/Berlin"], ["UTC", "Europe/Madrid", "Asia/Calcutta"])).toEqual([
    { region: "America", zones: ["America/Lima"] },
    { region: "Asia", zones: ["Asia/Calcutta"] },
    { region: "Europe", zones: ["Europe/Berlin", "Europe/Madrid"] },
    { region: "UTC", zones: ["UTC"] },
  ]);
});
