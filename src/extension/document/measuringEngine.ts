import type { Engine } from "../../jobs/engine";

/** What the editor asks of the job engine. Tests put a stand-in here. */
export type MeasuringEngine = Pick<Engine, "stats" | "errors" | "preview" | "values" | "block" | "heatmap" | "importance">;
