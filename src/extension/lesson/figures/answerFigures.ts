import type { RequestType } from "vscode-jsonrpc";
import { bitPattern, findNumberFormat, numberFormatFacts, patternOf } from "../../../core/numbers/bitPattern";
import { numberFormats } from "../../../core/numbers/numberFormat";
import type { Engine } from "../../../jobs/engine";
import { activationBits, lessonFigureProtocol } from "../../../protocol/lessonFigures";
import type { ReadyContent } from "../../document/checkpointDocument";
import { integer, oneOf, positive } from "../../editor/params";
import { invalid } from "../../editor/pageSession";
import type { RecipeFigure } from "../../../protocol/lessonFigures";
import { furtherErrors } from "./furtherErrors";
import type { LessonModels } from "./lessonModels";

/** Registers who answers a request of the page. */
type Answer = <P, R>(type: RequestType<P, R, void>, work: (params: Record<string, unknown>, signal: AbortSignal) => R | Promise<R>) => void;

/** What the figures of the later sections are made of. */
export interface FigureSources {
  readonly models: LessonModels;
  engine(): Promise<Pick<Engine, "errors">>;
  /** The tensor that a request names, checked. */
  tensor(params: Record<string, unknown>): { content: ReadyContent; tensor: number };
  recipe(): Promise<RecipeFigure>;
}

const formatIds = numberFormats.map(({ id }) => id);

/** Answers for the figures of the sections on GPTQ and AWQ, calibration, and what goes further. */
export function answerFigures(answer: Answer, { models, engine, tensor: tensorOf, recipe }: FigureSources): void {
  const p = lessonFigureProtocol;
  const bitsOf = (params: Record<string, unknown>): number => {
    const bits = integer(params, "bits", 2, 16);
    return (activationBits as readonly number[]).includes(bits) ? bits : invalid(`bits must be one of ${activationBits.join(", ")}`);
  };
  answer(p.layers, () => models.figure((run) => run.layers()));
  answer(p.activations, (params) => {
    const bits = bitsOf(params);
    return models.figure((run) => run.activations(bits));
  });
  answer(p.threshold, (params) => {
    const [bits, threshold] = [bitsOf(params), positive(params, "threshold")];
    return models.figure((run) => run.threshold(bits, threshold));
  });
  answer(p.furtherErrors, async (params, signal) => {
    const { content, tensor } = tensorOf(params);
    return furtherErrors(await engine(), content.checkpoint, tensor, { signal, progress: () => undefined });
  });
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
