import { CancelledError } from "../../core/errors";
import { defaultGptqOptions } from "../../core/gptq/options";
import { describeModel } from "../../core/model/describe";
import type { Checkpoint } from "../../core/tensor/checkpoint";
import { linearsOf } from "../../jobs/calibrated/stages";
import type { Engine } from "../../jobs/engine";
import type { CollectedLayer } from "../../jobs/gptq/collectLayer";
import type { SettingErrors } from "../../core/gptq/comparedSetting";
import type { TextSamples } from "../../jobs/textSamples";
import type { GptqChoice, GptqFigures, GptqRun, GptqSettings, GptqText, OfferedLayer } from "../../protocol/gptq";
import { type Disposable, Emitter } from "../emitter";
import type { JobList } from "../jobs/jobList";
import { LayerComparison } from "./layerComparison";
import { comparedSettings, figuresOf, fittingSettings } from "./settingsPlan";

/** What exploring needs from the extension around it. */
export interface GptqExplorerHost {
  engine(): Promise<Pick<Engine, "collectLayer" | "compareSettings">>;
  readonly jobs: JobList;
  readonly uri: string;
  /** Localized texts. */
  readonly text: {
    collect: string;
    collected(tokens: number): string;
    compare: string;
    compared(settings: number): string;
    sample: string;
  };
  /** The samples of a text, as the model reads them. */
  samples(checkpoint: Checkpoint, choice: GptqChoice, signal: AbortSignal): Promise<TextSamples>;
  reportFailure(error: unknown): void;
}

/** What files are quantized with unless told otherwise, on as many samples of the shipped text as make the figures steady. */
export const usualGptqChoice: GptqChoice = {
  samples: 64,
  settings: {
    bits: defaultGptqOptions.bits,
    groupSize: defaultGptqOptions.groupSize,
    damping: defaultGptqOptions.damping,
    symmetric: defaultGptqOptions.symmetric,
    order: defaultGptqOptions.order,
  },
};

/** What GPTQ does to one linear layer of one content of a checkpoint after the other, by its settings. */
export class GptqExplorer implements Disposable {
  private offered: OfferedLayer[] = [];
  private described: Promise<void> | undefined;
  private state: GptqRun = { kind: "none" };
  private words: GptqText;
  private readonly comparison: LayerComparison<SettingErrors>;
  private comparing: AbortController | undefined;
  private readonly life = new AbortController();
  private readonly figuresEmitter = new Emitter<GptqFigures>();
  private readonly runEmitter = new Emitter<{ run: GptqRun; text: GptqText }>();
  private readonly changeEmitter = new Emitter<void>();

  readonly onDidMeasure = this.figuresEmitter.event;
  readonly onDidChangeRun = this.runEmitter.event;
  /** The choice is another. */
  readonly onDidChange = this.changeEmitter.event;

  constructor(
    readonly checkpoint: Checkpoint,
    private readonly host: GptqExplorerHost,
    private chosen: GptqChoice = usualGptqChoice,
  ) {
    this.words = this.nameOfText();
    this.comparison = new LayerComparison(checkpoint, {
      engine: () => host.engine(),
      samples: (signal) => host.samples(checkpoint, this.choice, signal),
      collect: (signal, work) => {
        const describe = ({ calibration, heldOut }: CollectedLayer) => host.text.collected(calibration.shape.tokens + heldOut.shape.tokens);
        return host.jobs.run({ title: host.text.collect, target: checkpoint.name, uri: host.uri, signal, work, describe });
      },
      compare: (settings, signal, work) => {
        const describe = () => host.text.compared(settings);
        return host.jobs.run({ title: host.text.compare, target: checkpoint.name, uri: host.uri, signal, work, describe });
      },
      progressed: (phase, doneBytes, totalBytes, elapsedMs) => this.setRun({ kind: "running", phase, doneBytes, totalBytes, elapsedMs }),
      collected: ({ calibration, heldOut }, name) => {
        this.words = { name, tokens: { calibration: calibration.shape.tokens, heldOut: heldOut.shape.tokens } };
      },
      keep: ({ errors }) => errors,
      kept: () => this.figuresEmitter.fire(this.figures),
    });
  }

  get choice(): GptqChoice {
    return { ...this.chosen, settings: this.settings };
  }

  get run(): GptqRun {
    return this.state;
  }

  get text(): GptqText {
    return this.words;
  }

  get layers(): OfferedLayer[] {
    return this.offered;
  }

  /** Place of the chosen layer: the last of the block in the middle unless another was chosen. */
  get layer(): number {
    const place = this.offered.findIndex(({ tensor }) => tensor === this.chosen.tensor);
    if (place >= 0) return place;
    const middle = Math.floor((this.offered.at(-1)?.block ?? 0) / 2);
    return Math.max(0, this.offered.map(({ block }) => block).lastIndexOf(middle));
  }

  get figures(): GptqFigures {
    const { tensor = "", columns = Infinity } = this.offered[this.layer] ?? {};
    return figuresOf(this.comparison.of(tensor), this.settings, columns);
  }

  /** Finds the layers. A model that cannot be run has none: the run says why. */
  describe(): Promise<void> {
    this.described ??= describeModel(this.checkpoint).then(
      ({ layers }) => {
        this.offered = layers.flatMap((layer, block) =>
          linearsOf(layer).map(({ tensor, outputs: rows, inputs: columns }) => ({ tensor, block, rows, columns })),
        );
      },
      (error: unknown) => this.setRun({ kind: "failed", message: messageOf(error) }),
    );
    return this.described;
  }

  /** Another text, or another layer with it: what was found is forgotten. Begins to run the model. */
  choose(choice: Omit<GptqChoice, "settings">): void {
    this.cancel();
    this.chosen = { tensor: this.chosen.tensor, ...choice, settings: this.chosen.settings };
    this.comparison.forget();
    this.words = this.nameOfText();
    this.changed();
  }

  /** @param layer place in {@link layers} */
  setLayer(layer: number): void {
    const tensor = this.offered[layer]?.tensor;
    if (tensor === undefined || layer === this.layer) return;
    this.cancel();
    this.chosen = { ...this.chosen, tensor };
    this.changed();
  }

  /** What was measured with these settings before is there at once; what enters the layer is not looked at again. */
  setSettings(settings: GptqSettings): void {
    this.comparing?.abort();
    this.chosen = { ...this.chosen, settings };
    this.changed();
  }

  /** Measures what is missing. Results and failures arrive as events. */
  start(): void {
    if (this.life.signal.aborted || (this.comparing && !this.comparing.signal.aborted)) return;
    const controller = new AbortController();
    this.comparing = controller;
    void this.explore(controller).catch((error: unknown) => this.host.reportFailure(error));
  }

  cancel(): void {
    this.comparing?.abort();
    this.comparison.stopCollecting();
  }

  dispose(): void {
    this.life.abort();
    this.cancel();
    this.comparison.dispose();
    this.figuresEmitter.dispose();
    this.runEmitter.dispose();
    this.changeEmitter.dispose();
  }

  private get settings(): GptqSettings {
    return fittingSettings(this.chosen.settings, this.offered[this.layer]?.columns ?? Infinity);
  }

  private nameOfText(): GptqText {
    const { text } = this.chosen;
    return { name: text === undefined ? this.host.text.sample : text.slice(Math.max(text.lastIndexOf("/"), text.lastIndexOf("\\")) + 1) };
  }

  private changed(): void {
    this.start();
    this.changeEmitter.fire();
  }

  private async explore(controller: AbortController): Promise<void> {
    const startedAt = Date.now();
    const isCurrent = (): boolean => this.comparing === controller && !this.life.signal.aborted;
    try {
      await this.describe();
      const offered = this.offered[this.layer];
      if (!isCurrent() || !offered) return;
      const { tensor, columns } = offered;
      const signal = AbortSignal.any([controller.signal, this.life.signal]);
      await this.comparison.compare(tensor, comparedSettings(this.settings, columns), signal);
      if (isCurrent()) this.setRun({ kind: "done", elapsedMs: Date.now() - startedAt });
    } catch (error) {
      const cancelled = error instanceof CancelledError;
      if (isCurrent()) this.setRun(cancelled ? { kind: "cancelled" } : { kind: "failed", message: messageOf(error) });
      if (!cancelled) throw error;
    } finally {
      if (this.comparing === controller) this.comparing = undefined;
    }
  }

  private setRun(run: GptqRun): void {
    this.state = run;
    if (!this.life.signal.aborted) this.runEmitter.fire({ run, text: this.words });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
