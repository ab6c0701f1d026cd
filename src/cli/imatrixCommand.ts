import { formatCount } from "./format";
import { print, printJson } from "./output";
import { samplesOfText, type TextOptions } from "./samplesOfText";
import { type JobOptions, withCheckpoint, withEngine } from "./session";

interface ImatrixOptions extends JobOptions, TextOptions {
  out: string;
}

/** `imatrix`: writes an importance matrix of a model over a text. */
export function imatrix(path: string, options: ImatrixOptions): Promise<void> {
  return withEngine(options, (engine, context) =>
    withCheckpoint(path, options, async (checkpoint) => {
      const { samples, dataset } = await samplesOfText(path, checkpoint, options, context.signal);
      const report = await engine.imatrix({ checkpoint, samples, dataset, out: options.out }, context);
      const { out, bytes, entries, chunks, tokens } = report;
      const lines = `${out}: ${formatCount(bytes)} bytes, ${entries} weights, ${chunks} chunks of ${tokens / chunks} tokens`;
      await (options.json ? printJson(report) : print(lines));
    }),
  );
}
