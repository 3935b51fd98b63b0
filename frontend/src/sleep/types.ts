// Names for the parts of the contract that are about nights. All of them come from openapi.json.
import type { components } from "../api/schema";

type Schemas = components["schemas"];

export type SleepSession = Schemas["SleepSession"];
export type WholeNight = Schemas["WholeSleepSession"];
export type Epoch = Schemas["SessionEpoch"];
export type Stage = NonNullable<Epoch["stage"]>;
export type Metrics = Schemas["NightMetrics"];
export type Quality = Schemas["Quality"];
export type Insights = Schemas["InsightsView"];
export type SeriesNight = Schemas["SeriesNight"];
export type Recommendation = Schemas["Recommendation"];
export type Answer = Schemas["NewFeedback"]["answer"];

/** What every figure over many nights tells beside its value. */
export type Insight = Pick<Insights["insights"]["debt"], "nights" | "status" | "needs">;

/** From the top of a hypnogram to its bottom. */
export const STAGES = ["wake", "rem", "light", "deep"] as const satisfies readonly Stage[];
