import { CancelledError } from "../../core/errors";
import type { ComparedMethod } from "../../core/gptq/comparedSetting";
import { describeModel } from "../../core/model/describe";
import { findScheme } from "../../core/quant/registry";
import { linearsOf } from "../../jobs/calibrated/stages";
import type { JobContext, PreviewReport } from "../../jobs/contract";
import type { Engine } from "../../jobs/engine";
import { awqOptions } from "../../jobs/gptq/awqValues";
import { layerBits, type LayerCurve, type LayerReport, type LayerRun } from "../../protocol/playground";
import type { ReadyContent } from "../document/checkpointDocument";
import { type Disposable, Emitter } from "../emitter";
import { notificationText } from "../errorText";
import { type ComparisonHost, LayerComparison, type MeasuredSetting } from "../gptq/layerComparison";
import { settingKey } from "../gptq/settingsPlan";
import { type CalibratedForm, calibratedOptions, schemeOfSetting, settingIn } from "./calibratedForm";

/** Bins of the figure: as many as it has pixels for, two each. */
export const figureBins = 160;

/** What a method makes of a layer. */
export interface CalibratedFigures {
  /** Σ(x·w − x·ŵ)² over held-out inputs, by Σ(x·w)². */
  readonly outputError: number;
  readonly preview: PreviewReport;
}

/** A method, and rounding to nearest in the same form. */
export interface CalibratedPair {
  readonly chosen: CalibratedFigures;
  readonly rounding: CalibratedFigures;
}

/** What the methods need from the window around them. */
export interface CalibratedHost extends Pick<ComparisonHost<CalibratedFigures>, "samples" | "collect"> {
  engine(): Promise<Pick<Engine, "collectLayer" | "compareSettings" | "preview">>;
  reportFailure(error: unknown): void;
}

/** Methods that have curves, the first of them for comparison. */
const methods: readonly ComparedMethod[] = ["rtn", "gptq", "awq"];

/** What GPTQ and AWQ make of the linear layers of one content of a checkpoint, as far as it was asked for. */
export class CalibratedLayers implements Disposable {
  private readonly comparison: LayerComparison<CalibratedFigures>;
  private readonly measureEmitter = new Emitter<void>();
  private readonly runEmitter = new Emitter<LayerRun>();
  private described: Promise<string | undefined> | undefined;
  /** Columns of the layers, by the names of their weights. */
  private columns: ReadonlyMap<string, number> = new Map();
  private run: LayerRun = { kind: "none" };
  private tokens: LayerReport["tokens"] = null;
  private form: CalibratedForm = { groupSize: 128, symmetric: true };
  private rest = new AbortController();

  /** More is measured. */
  readonly onDidMeasure = this.measureEmitter.event;
  readonly onDidChangeRun = this.runEmitter.event;

  constructor(
    private readonly content: ReadyContent,
    private readonly host: CalibratedHost,
  ) {
    this.comparison = new LayerComparison<CalibratedFigures>(content.opened, {
      ...host,
      compare: (_, signal, work) => work({ signal, progress: () => undefined }),
      progressed: (phase, doneBytes, totalBytes, elapsedMs) => this.setRun({ kind: "running", phase, doneBytes, totalBytes, elapsedMs }),
      collected: ({ calibration, heldOut }) => {
        this.tokens = { calibration: calibration.shape.tokens, heldOut: heldOut.shape.tokens };
      },
      keep: (measured, context) => this.figuresOf(measured, context),
      kept: () => this.measureEmitter.fire(),
    });
  }

  /** Finds the layers. @returns why there are none, of a model that cannot be run */
  describe(): Promise<string | undefined> {
    this.described ??= describeModel(this.content.opened).then(
      ({ layers }) => {
        this.columns = new Map(layers.flatMap(linearsOf).map(({ tensor, inputs }) => [tensor, inputs]));
        return undefined;
      },
      (error: unknown) => notificationText(error),
    );
    return this.described;
  }

  /** Whether what enters a tensor can be found out, once that is described. */
  has(tensor: string): boolean {
    return this.columns.has(tensor);
  }

  /**
   * Measures a method on a layer, which takes a run of the model where none was made for that layer; then all methods at all widths,
   * as long as nothing else is asked for.
   *
   * @throws CancelledError
   */
  async measure(tensor: string, scheme: string, method: ComparedMethod, signal: AbortSignal): Promise<CalibratedPair> {
    const options = calibratedOptions(scheme);
    if (!options) throw new RangeError(`${scheme} has no form that ${method} makes`);
    this.rest.abort();
    this.rest = new AbortController();
    this.form = options;
    const [chosen, rounding] = [settingIn(options, options.bits, method), settingIn(options, options.bits, "rtn")];
    try {
      await this.comparison.compare(tensor, [chosen, rounding], signal);
    } catch (error) {
      if (!signal.aborted) this.setRun({ kind: "none" });
      throw error;
    }
    if (!signal.aborted) this.measureRest(tensor, this.rest);
    const known = this.comparison.of(tensor);
    return { chosen: known.get(settingKey(chosen))!, rounding: known.get(settingKey(rounding))! };
  }

  /** Nothing of it is wanted any more; what is known stays. */
  leave(): void {
    this.rest.abort();
    this.comparison.stopCollecting();
    if (this.run.kind !== "none") this.setRun({ kind: "none" });
  }

  /** What is known of a layer in the form of a scheme, or else in the one that was asked for last. */
  report(tensor: string, scheme: string): LayerReport {
    const form = calibratedOptions(scheme) ?? this.form;
    const known = this.comparison.of(tensor);
    const curves = methods.map((method): LayerCurve => ({
      method,
      granularity: form.groupSize === -1 ? "channel" : "group",
      symmetric: form.symmetric,
      group: form.groupSize,
      points: layerBits.flatMap((bits) => {
        const setting = settingIn(form, bits, method);
        const found = known.get(settingKey(setting));
        const id = schemeOfSetting(setting);
        const label = findScheme(id).label.split(" · ")[0]!;
        return found ? [{ scheme: id, bits, label, figures: found.preview.errors, outputError: found.outputError }] : [];
      }),
    }));
    return { tensor, curves: curves.filter(({ points }) => points.length > 0), tokens: this.tokens };
  }

  dispose(): void {
    this.rest.abort();
    this.comparison.dispose();
    this.measureEmitter.dispose();
    this.runEmitter.dispose();
  }

  private measureRest(tensor: string, { signal }: AbortController): void {
    const { form } = this;
    const columns = this.columns.get(tensor) ?? 0;
    const settings = layerBits
      .flatMap((bits) => methods.map((method) => settingIn(form, bits, method)))
      .filter(({ method, options }) => method !== "awq" || awqOptions(options, columns) !== undefined);
    this.comparison.compare(tensor, settings, signal).then(
      () => !signal.aborted && this.setRun({ kind: "none" }),
      (error: unknown) => {
        if (signal.aborted || error instanceof CancelledError) return;
        this.setRun({ kind: "failed", message: notificationText(error) });
        this.host.reportFailure(error);
      },
    );
  }

  private async figuresOf({ tensor, setting, errors, values }: MeasuredSetting, { signal }: JobContext): Promise<CalibratedFigures> {
    const { checkpoint, measurements } = this.content;
    const index = checkpoint.tensors.findIndex(({ name }) => name === tensor);
    const stats = measurements.find(index);
    const engine = await this.host.engine();
    const input = { checkpoint, tensor: index, scheme: schemeOfSetting(setting), bins: figureBins, values, ...(stats ? { stats } : {}) };
    return { outputError: errors.outputError, preview: await engine.preview(input, { signal, progress: () => undefined }) };
  }

  private setRun(run: LayerRun): void {
    this.run = run;
    this.runEmitter.fire(run);
  }
}
