import { literally, type ModuleNames } from "./moduleNames";

/** How GPTQModel is told to leave layers out, in either of its formats. Source: GPTQModel `quantization/config.py` (dynamic_get). */
export function dynamicOf({ kept, keptWhole }: ModuleNames): Record<string, object> {
  const expressions = [...kept.map((name) => `${literally(name)}$`), ...keptWhole.map((name) => `${literally(name)}\\.`)];
  return Object.fromEntries(expressions.map((expression) => [`-:^${expression}`, {}]));
}
