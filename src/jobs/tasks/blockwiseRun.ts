import { meanAbsmax, nestAbsmax } from "../../core/quant/bitsandbytes";
import type { BlockwiseScheme } from "../../core/quant/scheme";
import { writeBook4, book4Bytes } from "../../kernels/layout";
import type { RunContext, SchemeRun } from "./runContext";
import type { TaskEnvironment } from "./slice";
import { mostChunkValues } from "./workspace";

/** A scheme of 4-bit codes with a scale a block, by its kernels. Chunks begin where blocks do. */
export function blockwiseRun(scheme: BlockwiseScheme, { workspace }: TaskEnvironment, { sums }: RunContext): SchemeRun {
  const { kernels, x, codes, scratch } = workspace;
  const { book, blockSize, nested } = scheme;
  // Codes take a byte each: the rest of their room is free.
  const absmax = codes + mostChunkValues;
  const offset = nested ? meanAbsmax(sums[scheme.id] ?? []) : 0;
  return (count, slot, y) => {
    const decoded = y === 0 ? workspace.y : y;
    writeBook4(book, workspace.bytes(scratch, book4Bytes));
    kernels.quantizeBlocks4(x, count, blockSize, scratch, codes, absmax);
    if (nested) nestAbsmax(workspace.floats(absmax, Math.ceil(count / blockSize)), offset);
    kernels.dequantizeBlocks4(codes, count, blockSize, scratch, absmax, decoded);
    kernels.errors(x, decoded, count, workspace.outSlot(slot));
  };
}
