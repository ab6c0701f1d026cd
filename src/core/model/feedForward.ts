import { addToStream, type BlockRun, normalized, rowsAtOnce } from "./blockRun";
import { tell, throughLinear } from "./linear";
import type { DecoderLayer } from "./modelDescription";

/** The feed-forward half of a block (Shazeer 2020, "GLU Variants Improve Transformer"), added to the stream. */
export function feedForward(run: BlockRun, { feedForward: layer, residualScale }: DecoderLayer): void {
  const { arithmetic, tokens } = run;
  const { inputs, output, activation, norm, postNorm } = layer;
  const columns = output.inputs;
  const gates = arithmetic.floats(Math.min(tokens, rowsAtOnce) * 2 * columns);
  for (let start = 0; start < tokens; start += rowsAtOnce) {
    run.check?.();
    const rows = Math.min(rowsAtOnce, tokens - start);
    const normed = normalized(run, norm, start, start + rows);
    tell(run, inputs, normed, rows);
    if (run.last === "feedForwardInputs") continue;
    throughLinear(run, inputs, normed, rows, gates);
    arithmetic.gate(gates, rows, columns, activation);
    tell(run, [output], gates, rows);
    if (run.last === "feedForwardOutput") continue;
    const added = run.added.subarray(0, rows * run.hidden);
    throughLinear(run, [output], gates, rows, added);
    addToStream(run, added, postNorm, residualScale, start);
  }
}
