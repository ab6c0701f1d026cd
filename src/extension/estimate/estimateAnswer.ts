import { UsageError } from "../../core/errors";
import { estimateSize, type EstimateReport } from "../../core/estimate/estimateSize";
import type { ModelShapes } from "../../core/estimate/modelShapes";
import { parseEstimateQuery } from "../../core/estimate/parseQuery";
import { completeModels } from "../../core/estimate/queryWords";

/** What the line typed so far asks for, answered. */
export type EstimateAnswer =
  | {
      readonly kind: "report";
      /** The model: `7.00 B weights` or a checkpoint's name. */
      readonly report: EstimateReport;
      /** Tokens of context that the line named. */
      readonly context?: number;
    }
  /** Not a question yet, or not one that can be answered. */
  | {
      readonly kind: "hint";
      readonly message: string;
      /** Lines about published models whose names begin like the last words. */
      readonly completions: readonly string[];
    };

/**
 * Answers a line such as `70b q4_k_m 8k`. With a checkpoint chosen, types and a context are enough; a model size in the
 * line takes precedence over the checkpoint.
 */
export function answerEstimate(line: string, shapes?: ModelShapes): EstimateAnswer {
  try {
    const { parameters, model, types, context } = parseEstimateQuery(line);
    const subject = parameters === undefined && model === undefined ? { shapes } : { parameters, model };
    return { kind: "report", report: estimateSize({ ...subject, types, context }), context };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { kind: "hint", message: error.message, completions: completeModels(line).filter(isQuestion) };
  }
}

function isQuestion(line: string): boolean {
  try {
    return parseEstimateQuery(line).model !== undefined;
  } catch (error) {
    if (error instanceof UsageError) return false;
    throw error;
  }
}
