import { mostContext } from "../../core/estimate/bounds";
import { cacheTypes } from "../../core/estimate/cacheShape";
import { devices, usualDevices } from "../../core/estimate/devices";
import { referenceNames } from "../../core/estimate/referenceModels";
import { limits } from "../../core/limits";
import type { EstimateChoice } from "../../protocol/estimate";

/** More contexts at once, or more GiB, than any machine serves. */
const mostSequences = 65_536;
const mostGib = 1e6;

/** What the page shows before anything is chosen. */
export const usualChoice: EstimateChoice = {
  source: "size",
  line: "7B",
  context: 8192,
  sequences: 1,
  kvType: "F16",
  devices: [...usualDevices],
};

/** A choice that the page sent, VS Code kept or a caller passed; what is not understood is as usual. */
export function passedEstimate(argument: unknown): EstimateChoice {
  const fields = new Map<string, unknown>(typeof argument === "object" && argument !== null ? Object.entries(argument) : []);
  const text = (name: string, most: number): string | undefined => {
    const value = fields.get(name);
    return typeof value === "string" && value.length <= most ? value : undefined;
  };
  const uri = (name: string): string | undefined => {
    const value = text(name, limits.nameLength);
    return value !== undefined && /^[a-z][\w+.-]*:/i.test(value) ? value : undefined;
  };
  const number = (name: string, most: number, isWhole: boolean): number | undefined => {
    const value = fields.get(name);
    return typeof value === "number" && value > 0 && value <= most && (!isWhole || Number.isInteger(value)) ? value : undefined;
  };
  const checkpoint = uri("checkpoint");
  const config = uri("config");
  const asked = fields.get("source");
  const source = (asked === "checkpoint" && checkpoint !== undefined) || (asked === "config" && config !== undefined) ? asked : "size";
  const chosen: unknown = fields.get("devices");
  const shape = referenceNames.find((name) => name === fields.get("shape"));
  const customGib = number("customGib", mostGib, false);
  return {
    source,
    line: text("line", 200) ?? usualChoice.line,
    ...(checkpoint === undefined ? {} : { checkpoint }),
    ...(config === undefined ? {} : { config }),
    ...(shape === undefined ? {} : { shape }),
    context: number("context", mostContext, true) ?? usualChoice.context,
    sequences: number("sequences", mostSequences, true) ?? usualChoice.sequences,
    kvType: cacheTypes.find((type) => type === fields.get("kvType")) ?? usualChoice.kvType,
    devices: Array.isArray(chosen) ? devices.filter(({ id }) => chosen.includes(id)).map(({ id }) => id) : usualChoice.devices,
    ...(customGib === undefined ? {} : { customGib }),
  };
}
