import path from "node:path";
import type { Message } from "vscode-jsonrpc";
import { listSchemes } from "../../../src/core/quant/registry";
import { folderOf } from "../../../src/io/openPath";
import { CheckpointDocument, type ReadyContent } from "../../../src/extension/document/checkpointDocument";
import { JobList } from "../../../src/extension/jobs/jobList";
import { PerplexityResults } from "../../../src/extension/perplexity/perplexityResults";
import { CalibratedLayers } from "../../../src/extension/playground/calibratedLayers";
import { PlaygroundSession } from "../../../src/extension/playground/playgroundSession";
import { playgroundState } from "../../../src/extension/playground/playgroundState";
import { Engine } from "../../../src/jobs/engine";
import type { TextLikelihood } from "../../../src/jobs/perplexityJob";
import { quantizedModel, storedModel } from "../../../src/jobs/perplexityModel";
import { readSamples, type TextSamples } from "../../../src/jobs/textSamples";
import type { PlaygroundLinkKind, PlaygroundState } from "../../../src/protocol/playground";
import { diskSource } from "./sessionHost";
import type { PageHost } from "./webviewPage";

const sampleText = path.join(__dirname, "..", "..", "..", "media", "sample", "calibration.txt");
const dist = path.join(__dirname, "..", "..", "..", "dist");

/**
 * The real thing behind a Playground: a checkpoint on disk, the real document, session, workers and kernels. Only VS Code itself
 * (clipboard, dialogs, commands) is noted instead of done.
 */
export class PlaygroundSessionHost implements PageHost {
  readonly opened: string[] = [];
  readonly linked: { state: PlaygroundState; kind: PlaygroundLinkKind }[] = [];
  readonly saved: { name: string; content: Uint8Array }[] = [];
  readonly failures: unknown[] = [];
  /** Types whose perplexity was asked for. */
  readonly measured: string[][] = [];
  readonly perplexity = new PerplexityResults();
  /** Runs of the model. */
  collections = 0;
  /** What they wait for. */
  held = Promise.resolve();
  readonly engine = new Engine({
    workerFile: path.join(dist, "tasks.js"),
    kernelsFile: path.join(dist, "kernels.wasm"),
    threads: 2,
  });
  readonly document: CheckpointDocument;
  state: PlaygroundState;
  session: PlaygroundSession | undefined;

  private calibrated: CalibratedLayers | undefined;

  /**
   * @param file path of the checkpoint
   * @param state what a link says
   */
  constructor(
    private readonly file: string,
    state: object = {},
  ) {
    this.state = playgroundState(state);
    this.document = new CheckpointDocument(diskSource(file), {
      engine: () => Promise.resolve(this.engine),
      jobs: new JobList(),
      cache: { load: () => Promise.resolve(undefined), save: () => Promise.resolve() },
      bins: () => 128,
      text: { scan: "Scan", scanned: (tensors) => `${tensors} tensors` },
      reportFailure: (error) => this.failures.push(error),
    });
  }

  attach(post: (message: Message) => Promise<void>): void {
    this.session?.dispose();
    this.session = new PlaygroundSession(this.document, {
      engine: () => Promise.resolve(this.engine),
      layers: (content) => this.layersOf(content),
      perplexity: this.perplexity,
      measurePerplexity: (types) => Promise.resolve(void this.measured.push(types)),
      schemes: () => listSchemes().map(({ id, label, family }) => ({ id, label, family })),
      page: () => ({ locale: "en", strings: {} }),
      state: () => this.state,
      keep: (state) => (this.state = state),
      copyLink: (state, kind) => Promise.resolve(void this.linked.push({ state, kind })),
      save: (name, content) => Promise.resolve(this.saved.push({ name, content }) > 0),
      openTensor: (name) => Promise.resolve(void this.opened.push(name)),
      reportFailure: (error) => this.failures.push(error),
      post,
    });
  }

  /** What the model is run on. */
  async samples(content: ReadyContent, signal: AbortSignal): Promise<TextSamples> {
    const folder = await folderOf(path.dirname(this.file));
    return readSamples(content.opened, folder, { path: sampleText }, { count: 24, length: 256 }, signal);
  }

  /** Measures the model in types on a few tokens, as the page for that would. */
  async measurePerplexity(types: readonly string[]): Promise<{ original: number; of(type: string): number }> {
    const { content } = this.document;
    if (content?.kind !== "ready") throw new Error("The document is not read.");
    const context = { signal: new AbortController().signal, progress: () => undefined };
    const folder = await folderOf(path.dirname(this.file));
    const { samples: windows, dataset } = await readSamples(
      content.opened,
      folder,
      { path: sampleText },
      { count: 1, length: 64 },
      context.signal,
    );
    const original = await storedModel(content.opened);
    const variants = types.map((type) => quantizedModel(original, undefined, type));
    const report = await this.engine.perplexity({ original, windows, variants }, context);
    const rowOf = (
      label: string,
      kind: "original" | "type",
      { perplexity, standardError, nll, windows: count }: TextLikelihood,
      bits: number | undefined,
    ) => ({
      ...{ id: label, kind, label, bytes: null, bitsPerWeight: bits ?? null, answers: null },
      figures: { perplexity, standardError, nll, windows: count },
    });
    this.perplexity.keep(content.opened, {
      rows: [
        rowOf("Original", "original", report, original.bitsPerWeight),
        ...types.map((type, i) => rowOf(type, "type", report.variants[i]!, variants[i]!.bitsPerWeight)),
      ],
      run: { kind: "done", elapsedMs: 1 },
      text: { name: dataset, windows: 1, length: 64, scored: 32, isWhole: false },
    });
    return { original: report.perplexity, of: (type) => report.variants[types.indexOf(type)]!.perplexity };
  }

  private layersOf(content: ReadyContent): CalibratedLayers {
    return (this.calibrated ??= new CalibratedLayers(content, {
      engine: () => Promise.resolve(this.engine),
      samples: (signal) => this.samples(content, signal),
      collect: (signal, work) => {
        this.collections++;
        const progress = (): void => undefined;
        return this.held.then(() => work({ signal, progress }));
      },
      reportFailure: (error) => this.failures.push(error),
    }));
  }

  receive(message: Message): void {
    this.session?.receive(message);
  }

  async dispose(): Promise<void> {
    this.session?.dispose();
    this.calibrated?.dispose();
    this.document.dispose();
    await this.engine.dispose();
  }
}
