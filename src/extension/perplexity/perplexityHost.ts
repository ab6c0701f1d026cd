import type { SourceModel } from "../../core/convert/sourceModel";
import type { Checkpoint } from "../../core/tensor/checkpoint";
import type { Tokenizer } from "../../core/text/tokenizer";
import type { Engine } from "../../jobs/engine";
import type { TextSamples } from "../../jobs/textSamples";
import type { PerplexityChoice } from "../../protocol/perplexity";
import type { JobList } from "../jobs/jobList";

/** What measuring perplexity needs from the extension around it. */
export interface PerplexityHost {
  engine(): Promise<Pick<Engine, "perplexity">>;
  readonly jobs: JobList;
  readonly uri: string;
  /** Localized texts. */
  readonly text: {
    measure: string;
    measured(models: number, elapsedMs: number): string;
    original: string;
    sample: string;
    /** What a scheme is for that is no file type. */
    linearOnly: string;
  };
  /** Whether a name is one of a file type, which says what becomes of every tensor. */
  isFileType(type: string): boolean;
  schemeLabel(type: string): string | undefined;
  samples(choice: PerplexityChoice, signal: AbortSignal): Promise<TextSamples>;
  tokenizer(): Promise<Tokenizer>;
  /** The checkpoint as GGUF. */
  sourceModel(): Promise<SourceModel>;
  /** Another checkpoint, which is closed with the table, and where it is, as shown. */
  open(uri: string): Promise<Checkpoint>;
  nameOf(uri: string): { label: string; detail: string };
  reportFailure(error: unknown): void;
}
