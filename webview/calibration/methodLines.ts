import type { LineSeries, LinesContent } from "../charts/linesFigure";
import type { CalibratedInput } from "../../src/protocol/calibration";
import { count, fixed, missing, significant } from "../ui/format";
import { t } from "../ui/l10n";
import { dynamicMethod, methodLabel } from "./figures";

/** How the line of each method is drawn: told apart without colours too. */
const lines: Record<string, Pick<LineSeries, "role" | "dash">> = {
  minmax: { role: "muted" },
  percentile: { role: "level", dash: [6, 3] },
  mse: { role: "error" },
  entropy: { role: "after", dash: [2, 3] },
};

const lineOf = (method: string): Pick<LineSeries, "role" | "dash"> => lines[method] ?? { role: "foreground" };

/** How much data is enough: what ranges chosen from the first samples do to all of them. */
export function sweepLines({ sweep }: CalibratedInput, methods: readonly string[]): LinesContent {
  return {
    xs: sweep.map(({ samples }) => samples),
    xTitle: t("samples that the ranges are chosen from"),
    writeX: count,
    doubling: true,
    yTitle: t("MSE over all samples"),
    series: methods.map((method) => ({
      label: methodLabel(method),
      values: sweep.map(({ mse }) => mse[method] ?? null),
      ...lineOf(method),
      write: (value) => significant(value),
    })),
  };
}

/** The number of samples from which on no method gets better by more than a hundredth; undefined where that is all of them. */
export function enoughSamples({ sweep }: CalibratedInput, methods: readonly string[]): number | undefined {
  const last = sweep.at(-1);
  if (!last) return undefined;
  const isEnough = (from: number): boolean =>
    sweep.slice(from).every(({ mse }) => methods.every((method) => Math.abs(mse[method]! - last.mse[method]!) <= 0.01 * last.mse[method]!));
  const found = sweep.findIndex((_, from) => isEnough(from));
  return found < 0 || found === sweep.length - 1 ? undefined : sweep[found]!.samples;
}

/** Static against dynamic quantization, by input. */
export function dynamicLines(inputs: readonly CalibratedInput[], methods: readonly string[]): LinesContent {
  const write = (value: number | null): string => (value === null ? missing : t("{0} dB", fixed(value, 1)));
  return {
    xs: inputs.map((_, place) => place + 1),
    xTitle: t("inputs, in the order of the model"),
    writeX: count,
    yTitle: t("SQNR in dB"),
    series: [
      { label: methodLabel(dynamicMethod), values: inputs.map(({ dynamic }) => dynamic.sqnrDb), role: "good", dash: [6, 3], write },
      { label: t("Best static range"), values: inputs.map((input) => bestStatic(input, methods)), role: "error", write },
      {
        label: methodLabel("minmax"),
        values: inputs.map(({ methods: found }) => found["minmax"]?.sqnrDb ?? null),
        role: "muted",
        dash: [2, 3],
        write,
      },
    ],
  };
}

/** The highest ratio of signal to noise that one range for all tokens gives. */
function bestStatic({ methods: found }: CalibratedInput, methods: readonly string[]): number | null {
  const ratios = methods.flatMap((method) => found[method]?.sqnrDb ?? []);
  return ratios.length > 0 ? Math.max(...ratios) : null;
}

/** What a range of its own for each token gives over the best range for all, in decibels: by how many inputs, and the most. */
export function dynamicGain(
  inputs: readonly CalibratedInput[],
  methods: readonly string[],
): { better: number; most: { input: CalibratedInput; gain: number } | undefined } {
  let [better, most]: [number, { input: CalibratedInput; gain: number } | undefined] = [0, undefined];
  for (const input of inputs) {
    const gain = (input.dynamic.sqnrDb ?? NaN) - (bestStatic(input, methods) ?? NaN);
    if (gain > 0) better++;
    if (!Number.isNaN(gain) && (!most || gain > most.gain)) most = { input, gain };
  }
  return { better, most };
}
