import { limits } from "../../core/limits";
import { gptqBits, gptqOrders } from "../../core/gptq/options";
import { type GptqChoice, type GptqSettings, offeredDampings, offeredGroups } from "../../protocol/gptq";
import { passedText } from "../text/textChoice";
import { usualGptqChoice } from "./gptqExplorer";

/** Settings of any origin; undefined where one of them is not offered. */
export function settingsOf(value: Readonly<Record<string, unknown>>): GptqSettings | undefined {
  const one = <T>(name: keyof GptqSettings, offered: readonly T[]): T | undefined => offered.find((offer) => offer === value[name]);
  const bits = one("bits", gptqBits);
  const groupSize = one("groupSize", offeredGroups);
  const damping = one("damping", offeredDampings);
  const symmetric = one("symmetric", [true, false]);
  const order = one("order", gptqOrders);
  if (bits === undefined || groupSize === undefined || damping === undefined || symmetric === undefined || !order) return undefined;
  return { bits, groupSize, damping, symmetric, order };
}

/** A text and a layer that a caller passed to the command; undefined without any. */
export function passedGptqChoice(argument: unknown): Omit<GptqChoice, "settings"> | undefined {
  const text = passedText(argument);
  const tensor = tensorOf(argument);
  return text && { ...text, ...(tensor === undefined ? {} : { tensor }) };
}

/** The choice that a page had when the window was closed. */
export function restoredGptqChoice(state: unknown): GptqChoice {
  const stored = field(state, "choice");
  const text = passedText(stored);
  const tensor = tensorOf(stored);
  const settings = field(stored, "settings");
  return {
    ...(text ?? { samples: usualGptqChoice.samples }),
    ...(tensor === undefined ? {} : { tensor }),
    settings: (typeof settings === "object" && settings !== null && settingsOf({ ...settings })) || usualGptqChoice.settings,
  };
}

function tensorOf(value: unknown): string | undefined {
  const tensor = field(value, "tensor");
  return typeof tensor === "string" && tensor.length <= limits.nameLength ? tensor : undefined;
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? new Map<string, unknown>(Object.entries(value)).get(name) : undefined;
}
