import { CancelledError } from "../../core/errors";
import type { ComparedSetting, SettingErrors } from "../../core/gptq/comparedSetting";
import type { Checkpoint } from "../../core/tensor/checkpoint";
import type { JobContext } from "../../jobs/contract";
import type { Engine } from "../../jobs/engine";
import type { CollectedLayer } from "../../jobs/gptq/collectLayer";
import type { TextSamples } from "../../jobs/textSamples";
import type { Disposable } from "../emitter";
import { settingKey } from "./settingsPlan";

export type ComparisonPhase = "model" | "settings";

/** What was measured of a layer. */
export interface MeasuredSetting {
  readonly tensor: string;
  readonly setting: ComparedSetting;
  readonly errors: SettingErrors;
  /** What takes the place of the weights. */
  readonly values: SharedArrayBuffer;
}

/** What comparing needs from the page around it. */
export interface ComparisonHost<T> {
  engine(): Promise<Pick<Engine, "collectLayer" | "compareSettings">>;
  /** The samples of the text, as the model reads them. */
  samples(signal: AbortSignal): Promise<TextSamples>;
  /** Runs the long part of it as a job that the user sees. */
  collect(signal: AbortSignal, work: (context: JobContext) => Promise<CollectedLayer>): Promise<CollectedLayer>;
  /** Runs the rest. @param settings how many */
  compare(settings: number, signal: AbortSignal, work: (context: JobContext) => Promise<void>): Promise<void>;
  progressed(phase: ComparisonPhase, doneBytes: number, totalBytes: number, elapsedMs: number): void;
  collected(layer: CollectedLayer, dataset: string): void;
  /** What is kept of a setting. */
  keep(measured: MeasuredSetting, context: JobContext): T | Promise<T>;
  /** More is kept. */
  kept(): void;
}

/** What enters a layer: kept while it is looked at. */
interface Collection {
  readonly tensor: string;
  readonly layer: Promise<CollectedLayer>;
}

/** What methods with several settings do to linear layers of one content of a checkpoint on one text: each is measured once. */
export class LayerComparison<T> implements Disposable {
  /** By name of the weight, then by setting. */
  private measured = new Map<string, Map<string, T>>();
  private collection: Collection | undefined;
  private collecting: AbortController | undefined;
  private readonly life = new AbortController();

  constructor(
    private readonly checkpoint: Checkpoint,
    private readonly host: ComparisonHost<T>,
  ) {}

  /** What is known of a layer, by {@link settingKey}. */
  of(tensor: string): ReadonlyMap<string, T> {
    return this.measured.get(tensor) ?? new Map<string, T>();
  }

  /**
   * Measures what is not known of some settings, in their order. The model is run for it at most once while the layer is the same, also
   * when this is called off before that is over: see {@link stopCollecting}.
   *
   * @throws CancelledError
   */
  async compare(tensor: string, settings: readonly ComparedSetting[], signal: AbortSignal): Promise<void> {
    const known = this.measured.get(tensor) ?? new Map<string, T>();
    this.measured.set(tensor, known);
    const missing = settings.filter((setting) => !known.has(settingKey(setting)));
    if (missing.length === 0) return;
    const layer = await this.collected(tensor);
    if (signal.aborted) throw new CancelledError();
    const { host } = this;
    const startedAt = Date.now();
    const progressed = (done: number, total: number): void => {
      if (!signal.aborted) host.progressed("settings", done, total, Date.now() - startedAt);
    };
    progressed(0, 1);
    await host.compare(missing.length, AbortSignal.any([signal, this.life.signal]), async (context) => {
      const onErrors = async (index: number, errors: SettingErrors, values: SharedArrayBuffer): Promise<void> => {
        const setting = missing[index]!;
        known.set(settingKey(setting), await host.keep({ tensor, setting, errors, values }, context));
        if (!signal.aborted) host.kept();
      };
      const engine = await host.engine();
      await engine.compareSettings({ layer, settings: missing, onErrors }, { signal: context.signal, progress: both(context, progressed) });
    });
  }

  /** Stops running the model. */
  stopCollecting(): void {
    if (!this.collecting) return;
    this.collecting.abort();
    this.collecting = undefined;
    this.collection = undefined;
  }

  /** Forgets everything: the text is another. */
  forget(): void {
    this.stopCollecting();
    this.measured = new Map();
    this.collection = undefined;
  }

  dispose(): void {
    this.life.abort();
    this.stopCollecting();
  }

  /** What enters a layer, by a run of the model where that was not done. */
  private collected(tensor: string): Promise<CollectedLayer> {
    if (this.collection?.tensor === tensor) return this.collection.layer;
    this.stopCollecting();
    const controller = new AbortController();
    this.collecting = controller;
    const collection = { tensor, layer: this.collect(tensor, controller) };
    this.collection = collection;
    const ended = (): void => {
      if (this.collecting === controller) this.collecting = undefined;
    };
    // Whoever waits for it is told of a failure. It may be asked for again.
    collection.layer.then(ended, () => {
      ended();
      if (this.collection === collection) this.collection = undefined;
    });
    return collection.layer;
  }

  private collect(tensor: string, controller: AbortController): Promise<CollectedLayer> {
    const { host, checkpoint } = this;
    const startedAt = Date.now();
    const isCurrent = (): boolean => this.collecting === controller && !controller.signal.aborted && !this.life.signal.aborted;
    host.progressed("model", 0, 1, 0);
    return host.collect(AbortSignal.any([controller.signal, this.life.signal]), async (context) => {
      const { samples, dataset } = await host.samples(context.signal);
      const engine = await host.engine();
      const progress = both(context, (done, total) => {
        if (isCurrent()) host.progressed("model", done, total, Date.now() - startedAt);
      });
      const layer = await engine.collectLayer({ checkpoint, samples, tensor }, { signal: context.signal, progress });
      if (isCurrent()) host.collected(layer, dataset);
      return layer;
    });
  }
}

function both({ progress }: JobContext, also: JobContext["progress"]): JobContext["progress"] {
  return (done, total) => {
    progress(done, total);
    also(done, total);
  };
}
