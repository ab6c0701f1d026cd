import type { RequestType } from "vscode-jsonrpc";
import { bitPattern, findNumberFormat, numberFormatFacts, patternOf } from "../../../core/numbers/bitPattern";
import { numberFormats } from "../../../core/numbers/numberFormat";
import type { JobContext } from "../../../jobs/contract";
import type { Engine } from "../../../jobs/engine";
import { parameterBounds } from "../../../protocol/lesson";
import { activationBits, lessonFigureProtocol } from "../../../protocol/lessonFigures";
import type { ReadyContent } from "../../document/checkpointDocument";
import { integer, numberBetween, oneOf, positive } from "../../editor/params";
import { invalid } from "../../editor/pageSession";
import type { RecipeFigure } from "../../../protocol/lessonFigures";
import { furtherErrors } from "./furtherErrors";
import { deviceFits, storedTypes } from "./modelSizes";
import { rangeErrors } from "./rangeErrors";
import { type MeasuredTensor, schemeErrors } from "./schemeErrors";
import type { SampleRun } from "./sampleRun";

/** Registers who answers a request of the page. */
type Answer = <P, R>(type: RequestType<P, R, void>, work: (params: Record<string, unknown>, signal: AbortSignal) => R | Promise<R>) => void;

/** What the figures of the later sections are made of. */
export interface FigureSources {
  readonly sample: SampleRun;
  engine(): Promise<Pick<Engine, "errors">>;
  /** The tensor that a request names, checked. */
  tensor(params: Record<string, unknown>): { content: ReadyContent; tensor: number };
  recipe(): Promise<RecipeFigure>;
}

const formatIds = numberFormats.map(({ id }) => id);

/** Answers for the figures of the sections on GPTQ and AWQ, calibration, and what goes further. */
export function answerFigures(answer: Answer, { sample, engine, tensor: tensorOf, recipe }: FigureSources): void {
  const p = lessonFigureProtocol;
  const bitsOf = (params: Record<string, unknown>): number => {
    const bits = integer(params, "bits", 2, 16);
    return (activationBits as readonly number[]).includes(bits) ? bits : invalid(`bits must be one of ${activationBits.join(", ")}`);
  };
  answer(p.layers, () => sample.layers());
  answer(p.activations, (params) => sample.activations(bitsOf(params)));
  answer(p.threshold, (params) => sample.threshold(bitsOf(params), positive(params, "threshold")));
  const measured = (params: Record<string, unknown>): MeasuredTensor => {
    const { content, tensor } = tensorOf(params);
    return { checkpoint: content.checkpoint, tensor };
  };
  const contextOf = (signal: AbortSignal): JobContext => ({ signal, progress: () => undefined });
  answer(p.furtherErrors, async (params, signal) => furtherErrors(await engine(), measured(params), contextOf(signal)));
  answer(p.rangeErrors, async (params, signal) => {
    const codes = { bits: integer(params, "bits", 2, 8), symmetric: params["symmetric"] === true };
    return rangeErrors(await engine(), measured(params), codes, contextOf(signal));
  });
  answer(p.typeErrors, async (params, signal) => {
    const errorOf = await schemeErrors(await engine(), measured(params), storedTypes, contextOf(signal));
    return storedTypes.flatMap((type) => errorOf(type) ?? []);
  });
  answer(p.devices, (params) => deviceFits(numberBetween(params, "parameters", parameterBounds.min, parameterBounds.max)));
  answer(p.recipe, () => recipe());
  answer(p.numberFormats, () => numberFormatFacts());
  answer(p.bitPattern, (params) => {
    const format = oneOf(params, "format", formatIds);
    return bitPattern(format, integer(params, "pattern", 0, 2 ** findNumberFormat(format).bits - 1));
  });
  answer(p.patternOf, (params) => {
    const value = params["value"];
    if (typeof value !== "number" || !Number.isFinite(value)) return invalid("value must be a finite number");
    return patternOf(oneOf(params, "format", formatIds), value);
  });
}
