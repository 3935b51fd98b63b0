// Names for the parts of the contract that screens use. All of them come from openapi.json.
import type { components } from "./schema";

type Schemas = components["schemas"];

export type AlarmView = Schemas["AlarmView"];
export type Schedule = AlarmView["schedule"];
export type Snooze = AlarmView["snooze"];
export type Ring = AlarmView["ring"];
export type Preferences = Schemas["MeView"]["settings"];
export type DeviceView = Schemas["DeviceView"];
