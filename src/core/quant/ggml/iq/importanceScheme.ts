import type { BlockFormat } from "../../../decode/ggml/blockFormat";
import { UsageError } from "../../../errors";
import type { ByteScheme } from "../../scheme";
import { blockScheme } from "../blockScheme";
import type { BlockImportance } from "../weights";

/** As {@link QuantizeBlock}, with an importance matrix always. */
type QuantizeWeighted = (source: Float32Array, at: number, target: Uint8Array, offset: number, importance: BlockImportance) => void;

/**
 * A scheme that stores vectors of a code book under shared scales and that ggml refuses to quantize to without an importance matrix:
 * `quantizeRows` then throws UsageError `importance-required`.
 */
export function importanceScheme(format: BlockFormat, label: string, quantizeBlock: QuantizeWeighted): ByteScheme {
  return {
    ...blockScheme(format, label, (source, at, target, offset, importance) => {
      if (!importance) throw importanceRequired(format.id);
      quantizeBlock(source, at, target, offset, importance);
    }),
    needsImportance: true,
  };
}

function importanceRequired(id: string): UsageError {
  return new UsageError("importance-required", `${id} needs an importance matrix: at so few bits, ggml refuses to quantize without one.`, {
    found: id,
    hint: "Give an importance matrix of this model, or choose Q2_K or IQ3_S.",
  });
}
