import { defaultGptqOptions, gptqBits, type GptqOptions } from "../../core/gptq/options";
import type { ComparedMethod, ComparedSetting, SettingErrors } from "../../core/gptq/comparedSetting";
import {
  type GptqFigures,
  type GptqSettings,
  offeredDampings,
  offeredGroups,
  sweptSettings,
  type SweptSetting,
  type SweepPoint,
} from "../../protocol/gptq";

/** What was measured of a layer, by {@link settingKey}. */
export type MeasuredSettings = ReadonlyMap<string, SettingErrors>;

/** Two settings with the same key give the same: rounding knows of neither damping nor order. */
export function settingKey({ method, options }: ComparedSetting): string {
  const { bits, groupSize, symmetric, damping, order } = options;
  return JSON.stringify([method, bits, groupSize, symmetric, ...(method === "gptq" ? [damping, order] : [])]);
}

/** Groups as wide as the row, and wider, are whole rows. */
export function fittingSettings(settings: GptqSettings, columns: number): GptqSettings {
  return settings.groupSize >= columns ? { ...settings, groupSize: -1 } : settings;
}

/** Values of a setting that are compared for a layer, the chosen one among them. */
function sweptValues(settings: GptqSettings, swept: SweptSetting, columns: number): number[] {
  const offered: Record<SweptSetting, readonly number[]> = {
    damping: offeredDampings,
    groupSize: offeredGroups.filter((size) => size < columns),
    bits: gptqBits,
  };
  const all = new Set([...offered[swept], settings[swept]]);
  const wide = (size: number): number => (size === -1 ? Infinity : size);
  return [...all].sort((a, b) => wide(a) - wide(b));
}

function settingOf(method: ComparedMethod, settings: GptqSettings): ComparedSetting {
  const options: GptqOptions = { ...defaultGptqOptions, ...settings };
  return { method, options };
}

/** Everything that the page shows with these settings, what was chosen first, each once. */
export function comparedSettings(settings: GptqSettings, columns: number): ComparedSetting[] {
  const swept = sweptSettings.flatMap((name) =>
    sweptValues(settings, name, columns).map((value): GptqSettings => ({ ...settings, [name]: value })),
  );
  const all = [settings, ...swept].flatMap((one) => [settingOf("rtn", one), settingOf("gptq", one)]);
  return [...new Map(all.map((setting) => [settingKey(setting), setting])).values()];
}

/** What of it is known. */
export function figuresOf(measured: MeasuredSettings, settings: GptqSettings, columns: number): GptqFigures {
  const find = (method: ComparedMethod, one: GptqSettings): SettingErrors | undefined => measured.get(settingKey(settingOf(method, one)));
  const sweep = (name: SweptSetting): SweepPoint[] =>
    sweptValues(settings, name, columns).map((value) => {
      const one = { ...settings, [name]: value };
      return { value, gptq: find("gptq", one)?.outputError ?? null, rtn: find("rtn", one)?.outputError ?? null };
    });
  return {
    sweeps: { damping: sweep("damping"), groupSize: sweep("groupSize"), bits: sweep("bits") },
    gptq: find("gptq", settings) ?? null,
    rtn: find("rtn", settings) ?? null,
  };
}
