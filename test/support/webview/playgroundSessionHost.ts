import path from "node:path";
import type { ReadyContent } from "../../../src/extension/document/checkpointDocument";
import type { PageHost } from "../../../src/extension/editor/pageSession";
import { histogramChoices } from "../../../src/extension/editor/schemeChoices";
import { PerplexityResults } from "../../../src/extension/perplexity/perplexityResults";
import { CalibratedLayers } from "../../../src/extension/playground/calibratedLayers";
import { PlaygroundSession } from "../../../src/extension/playground/playgroundSession";
import { playgroundState } from "../../../src/extension/playground/playgroundState";
import { folderOf } from "../../../src/io/openPath";
import type { TextLikelihood } from "../../../src/jobs/perplexityJob";
import { quantizedModel, storedModel } from "../../../src/jobs/perplexityModel";
import { readSamples, type TextSamples } from "../../../src/jobs/textSamples";
import type { PlaygroundLinkKind, PlaygroundState } from "../../../src/protocol/playground";
import { DocumentPageHost } from "./documentPageHost";

const sampleText = path.join(__dirname, "..", "..", "..", "media", "sample", "calibration.txt");

/** The real thing behind a Playground. */
export class PlaygroundSessionHost extends DocumentPageHost<PlaygroundSession> {
  readonly opened: string[] = [];
  readonly linked: { state: PlaygroundState; kind: PlaygroundLinkKind }[] = [];
  /** Types whose perplexity was asked for. */
  readonly measured: string[][] = [];
  readonly perplexity = new PerplexityResults();
  /** Runs of the model. */
  collections = 0;
  /** What they wait for. */
  held = Promise.resolve();
  state: PlaygroundState;

  private calibrated: CalibratedLayers | undefined;

  /**
   * @param file path of the checkpoint
   * @param state what a link says
   */
  constructor(file: string, state: object = {}) {
    super(file);
    this.state = playgroundState(state);
  }

  /** What the model is run on. */
  async samples(content: ReadyContent, signal: AbortSignal): Promise<TextSamples> {
    const folder = await folderOf(this.folder);
    return readSamples(content.opened, folder, { path: sampleText }, { count: 24, length: 256 }, signal);
  }

  /** Measures the model in types on a few tokens, as the page for that would. */
  async measurePerplexity(types: readonly string[]): Promise<{ original: number; of(type: string): number }> {
    const { content } = this.document;
    if (content?.kind !== "ready") throw new Error("The document is not read.");
    const context = { signal: new AbortController().signal, progress: () => undefined };
    const folder = await folderOf(this.folder);
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

  protected override connect(page: PageHost): PlaygroundSession {
    return new PlaygroundSession(this.document, {
      ...page,
      engine: this.measuring.engine,
      layers: (content) => this.layersOf(content),
      perplexity: this.perplexity,
      measurePerplexity: (types) => Promise.resolve(void this.measured.push(types)),
      schemes: () => histogramChoices(this.state.scheme),
      page: () => ({ locale: "en", strings: {} }),
      state: () => this.state,
      keep: (state) => (this.state = state),
      copyLink: (state, kind) => Promise.resolve(void this.linked.push({ state, kind })),
      save: (name, content) => this.save(name, content),
      openTensor: (name) => Promise.resolve(void this.opened.push(name)),
    });
  }

  protected override forget(): void {
    this.calibrated?.dispose();
  }

  private layersOf(content: ReadyContent): CalibratedLayers {
    return (this.calibrated ??= new CalibratedLayers(content, {
      engine: this.measuring.engine,
      samples: (signal) => this.samples(content, signal),
      collect: (signal, work) => {
        this.collections++;
        const progress = (): void => undefined;
        return this.held.then(() => work({ signal, progress }));
      },
      reportFailure: this.reportFailure,
    }));
  }
}
