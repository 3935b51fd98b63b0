// Every path has its screen, and every screen its path.
import { describe, expect, it } from "vitest";
import { pathToRoute, routeToPath, type Route } from "./router";

describe("routes", () => {
  const routes: Route[] = [
    { screen: "today" },
    { screen: "alarms" },
    { screen: "editor", alarmId: null },
    { screen: "editor", alarmId: "0b0e7a52-7a8e-4b42-9d0f-5a3c9be9f001" },
    { screen: "ringing", occurrenceId: "a1@2026-12-01T06:00:00.000Z/ü" },
    { screen: "bedside" },
    { screen: "history", occurrenceId: null },
    { screen: "history", occurrenceId: "a b" },
    { screen: "sleep", sessionId: null },
    { screen: "sleep", sessionId: "0b0e7a52-7a8e-4b42-9d0f-5a3c9be9f001" },
    { screen: "sleep_import" },
    { screen: "devices" },
    { screen: "settings" },
    { screen: "sign_in" },
    { screen: "sign_up" },
  ];
  it.each(routes)("$screen comes back from its path", (route) => {
    expect(pathToRoute(routeToPath(route))).toEqual(route);
  });
  it.each(["/nowhere", "/alarms/1/2", "/settings/more", "/ringing"])("%s leads to no screen", (path) => {
    expect(pathToRoute(path)).toEqual({ screen: "not_found" });
  });
  it("takes a broken escape as it stands", () => {
    expect(pathToRoute("/alarms/%E0%A4%A")).toEqual({ screen: "editor", alarmId: "%E0%A4%A" });
  });
});
