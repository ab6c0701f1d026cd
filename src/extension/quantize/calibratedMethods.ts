import { join } from "node:path";
import { FormatError, UsageError } from "../../core/errors";
import type { Folder } from "../../core/file";
import type { SourceModel } from "../../core/convert/sourceModel";
import { openTokenizer } from "../../core/text/openTokenizer";
import type { Checkpoint } from "../../core/tensor/checkpoint";
import type { PreparedWrite, WriteRequest } from "../../jobs/prepareWrite";
import { type CalibratedMethod, outputName, type QuantizeChoices, requestOf } from "./quantizeChoices";

/** What is to be written, and how it is planned. */
export interface CalibratedSubject {
  readonly checkpoint: Checkpoint;
  /** Where its configuration and tokenizer lie. */
  readonly folder: Folder;
  /** The path of that folder: outputs that are only planned seem to go there. */
  readonly directory: string;
  /** The checkpoint as GGUF, or why it cannot become that. */
  readonly model: SourceModel | { readonly reason: string };
  /** Plans a file, without reading weights. @throws UsageError, FormatError */
  plan(request: WriteRequest): Promise<PreparedWrite>;
  /** Localizes why a method cannot be had. */
  refusalText(error: UsageError | FormatError): string;
}

/** Stands for types that are found only later, by size. */
const usualType = "Q4_K_M";

/** Whether layers can be quantized by what their inputs on a text are. Planned as the file would be: nothing is guessed. */
export class CalibratedMethods {
  private tokenizer: Promise<string | undefined> | undefined;

  constructor(private readonly subject: CalibratedSubject) {}

  /** Why a method cannot be had, localized; undefined where it can. */
  async whyNot(method: CalibratedMethod, choices: QuantizeChoices): Promise<string | undefined> {
    const { checkpoint, folder, directory, model, plan } = this.subject;
    const isSized = choices.type?.kind === "size";
    const wanted: QuantizeChoices = { ...choices, method, ...(isSized ? { type: { kind: "named", name: usualType } } : {}) };
    const refusal = await this.refusalOf(async () => {
      const out = join(directory, outputName(checkpoint.name, wanted));
      const request = requestOf({ ...wanted, out }, "reason" in model ? undefined : model);
      await plan({ ...request, calibration: { method, samples: [] } });
    });
    if (refusal !== undefined) return refusal;
    // The same for every method and type, and a large file.
    this.tokenizer ??= this.refusalOf(() => openTokenizer(checkpoint, folder));
    return this.tokenizer;
  }

  private async refusalOf(check: () => Promise<unknown>): Promise<string | undefined> {
    try {
      await check();
      return undefined;
    } catch (error) {
      if (error instanceof UsageError || error instanceof FormatError) return this.subject.refusalText(error);
      throw error;
    }
  }
}
