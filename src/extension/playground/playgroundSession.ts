import { estimateSize } from "../../core/estimate/estimateSize";
import { parseEstimateQuery } from "../../core/estimate/parseQuery";
import { sizeAtBits } from "../../core/estimate/sizeAtBits";
import { CancelledError, UsageError } from "../../core/errors";
import { limits } from "../../core/limits";
import { countRanges } from "../../core/quant/affine";
import { affineRange } from "../../core/quant/affineArithmetic";
import { findScheme, isAffineScheme } from "../../core/quant/registry";
import type { Checkpoint } from "../../core/tensor/checkpoint";
import type { PreviewReport } from "../../jobs/contract";
import type { Engine } from "../../jobs/engine";
import type { SchemeChoice } from "../../protocol/editor";
import {
  type PlaygroundLinkKind,
  playgroundLinkKinds,
  playgroundProtocol,
  type PlaygroundPicture,
  type PlaygroundReport,
  type PlaygroundState,
  type QualityReport,
} from "../../protocol/playground";
import type { CheckpointDocument, ReadyContent } from "../document/checkpointDocument";
import { integer, text } from "../editor/params";
import { invalid, type PageHost, PageSession } from "../editor/pageSession";
import { saveWith } from "../editor/savedContent";
import { DisposableStore } from "../emitter";
import { calibratedOptions } from "./calibratedForm";
import { type CalibratedLayers, figureBins } from "./calibratedLayers";
import type { PerplexityResults } from "../perplexity/perplexityResults";
import { knownPerplexity, measuredAs, typesAround } from "./knownPerplexity";
import { playgroundState, restoredState, usualState } from "./playgroundState";
import { keyOf, playableTensors, type PlayedValues, PlaygroundValues } from "./playgroundValues";
import { qualityReport, qualityTypes } from "./qualityTypes";
import { type SampledFigures, typeErrors } from "./typeErrors";

/** What the Playground page can ask of the window around it. */
export interface PlaygroundHost extends PageHost {
  engine(): Promise<Pick<Engine, "preview" | "errors" | "stats" | "draw">>;
  /** What methods that need what enters a layer make of those of a content. */
  layers(content: ReadyContent): CalibratedLayers;
  readonly perplexity: Pick<PerplexityResults, "of" | "onDidKeep">;
  /** Opens the page that measures it. */
  measurePerplexity(types: string[]): Promise<void>;
  schemes(): SchemeChoice[];
  page(): { locale: string; strings: Record<string, string> };
  /** What is chosen; kept while the page is hidden. */
  state(): PlaygroundState;
  keep(state: PlaygroundState): void;
  copyLink(state: PlaygroundState, kind: PlaygroundLinkKind): Promise<void>;
  save(name: string, content: Uint8Array): Promise<boolean>;
  openTensor(name: string): Promise<void>;
}

/** Types that are measured together: fewer than a task can hold, so that what is quick is known first. */
const typesAtOnce = 48;

const nothingKnown: SampledFigures = { figures: {}, share: 1 };

/** One Playground page's conversation with its checkpoint. */
export class PlaygroundSession extends PageSession {
  private contentLife = new AbortController();
  private measureLife = new AbortController();
  private readonly layerEvents = new DisposableStore();
  private readonly values: PlaygroundValues;
  /** Figures of the last values, by scheme. */
  private known: SampledFigures & { key: string } = { key: "", ...nothingKnown };

  constructor(
    private readonly document: CheckpointDocument,
    private readonly host: PlaygroundHost,
  ) {
    super(host);
    this.values = new PlaygroundValues(document, () => host.engine());
    const p = playgroundProtocol;
    this.answer(p.initialize, async () => {
      await document.whenRead();
      return this.picture();
    });
    this.answer(p.measure, (params, signal) => this.measure(params, signal));
    this.answer(p.quality, (params, signal) => this.quality(params, signal));
    this.answer(p.copyLink, (params) => {
      const kind = playgroundLinkKinds.find((known) => known === params["kind"]) ?? invalid("kind must be one of those that are offered");
      return host.copyLink(playgroundState(params["state"]), kind);
    });
    this.answer(p.measurePerplexity, (params) => host.measurePerplexity(typesAround(text(params, "scheme", 64))));
    this.answer(p.openTensor, (params) => host.openTensor(text(params, "tensor", limits.nameLength)));
    this.answer(p.save, saveWith(host));
    this.connection.onNotification(p.saveState, (state: unknown) => host.keep(restoredState(state)));
    this.store.add(host.perplexity.onDidKeep((checkpoint) => this.tellPerplexity(checkpoint)));
    this.connection.listen();
  }

  override dispose(): void {
    this.contentLife.abort();
    this.layerEvents.dispose();
    this.layers()?.leave();
    this.values.dispose();
    super.dispose();
  }

  /** Shows everything again: another content, or what a link says. */
  changed(): void {
    this.contentLife.abort();
    this.contentLife = new AbortController();
    this.known = { key: "", ...nothingKnown };
    const { signal } = this.contentLife;
    void this.picture().then(
      (picture) => signal.aborted || this.notify(() => this.connection.sendNotification(playgroundProtocol.changed, picture)),
      (error: unknown) => this.host.reportFailure(error),
    );
  }

  protected override get subjectSignal(): AbortSignal {
    return this.contentLife.signal;
  }

  private async picture(): Promise<PlaygroundPicture> {
    const { content } = this.document;
    if (!content) throw new Error("The document is closed.");
    if (content.kind === "failed") return { kind: "failed", diagnostic: content.diagnostic, ...this.host.page() };
    const layers = this.host.layers(content);
    const notRun = (await layers.describe()) ?? null;
    const tensors = playableTensors(content).map((tensor) => ({ ...tensor, isLinear: layers.has(tensor.name) }));
    this.layerEvents.clear();
    this.layerEvents.add(layers.onDidMeasure(() => this.tellLayer()));
    this.layerEvents.add(
      layers.onDidChangeRun((run) => this.notify(() => this.connection.sendNotification(playgroundProtocol.layerRun, run))),
    );
    return {
      kind: "ready",
      name: this.document.name,
      uri: this.document.uri,
      tensors,
      notRun,
      perplexity: knownPerplexity(this.host.perplexity.of(content.opened)),
      parameters: content.snapshot.parameters,
      schemes: this.host.schemes(),
      // A checkpoint without values has only shaped ones.
      state: { ...this.host.state(), ...(tensors.length === 0 ? { data: "shaped" as const } : {}) },
      usual: usualState,
      ...this.host.page(),
    };
  }

  /** A newer request takes the place of an older one, which may still be on its way from sampled to exact. */
  private async measure(params: Record<string, unknown>, signal: AbortSignal): Promise<PlaygroundReport> {
    const state = playgroundState(params["state"]);
    const token = integer(params, "token", 0, Number.MAX_SAFE_INTEGER);
    this.measureLife.abort();
    this.measureLife = new AbortController();
    const wanted = AbortSignal.any([signal, this.measureLife.signal]);
    const subject = await this.values.find(state);
    if (wanted.aborted) throw new CancelledError();
    const { checkpoint, tensor, stats } = subject;
    if (state.method !== "rtn" && state.data === "tensor") return this.calibrated(state, state.method, subject, wanted);
    this.layers()?.leave();
    this.tellLayer();
    const engine = await this.host.engine();
    const preview = await engine.preview(
      {
        checkpoint,
        tensor,
        scheme: state.scheme,
        bins: figureBins,
        stats,
        onRefined: (refined) => {
          if (wanted.aborted) return;
          const report = this.report(state, subject, refined);
          this.notify(() => this.connection.sendNotification(playgroundProtocol.refined, { token, report }));
        },
      },
      { signal: wanted, progress: () => undefined },
    );
    return this.report(state, subject, preview);
  }

  private async calibrated(
    state: PlaygroundState,
    method: "gptq" | "awq",
    subject: PlayedValues,
    signal: AbortSignal,
  ): Promise<PlaygroundReport> {
    const { name } = subject.checkpoint.tensors[subject.tensor]!;
    const layers = this.host.layers(this.ready());
    if (!layers.has(name)) return invalid("the tensor is no linear layer of a model that can be run");
    this.tellLayer();
    const { chosen, rounding } = await layers.measure(name, state.scheme, method, signal);
    const report = this.report(state, subject, chosen.preview);
    const { bits, symmetric } = calibratedOptions(state.scheme)!;
    const least = symmetric ? -(2 ** (bits - 1)) : 0;
    return {
      ...report,
      label: `${method.toUpperCase()}, ${report.label}`,
      // The whole range of codes, unlike that of rounding with a symmetric scale.
      ...(report.affine ? { affine: { ...report.affine, minCode: least, maxCode: least + 2 ** bits - 1 } } : {}),
      output: { method, error: chosen.outputError, rounding: rounding.outputError },
    };
  }

  private layers(): CalibratedLayers | undefined {
    const { content } = this.document;
    return content?.kind === "ready" ? this.host.layers(content) : undefined;
  }

  private tellPerplexity(checkpoint: Checkpoint): void {
    const { content } = this.document;
    if (content?.kind !== "ready" || content.opened !== checkpoint) return;
    const known = knownPerplexity(this.host.perplexity.of(checkpoint));
    if (known) this.notify(() => this.connection.sendNotification(playgroundProtocol.perplexity, known));
  }

  /** What is known of the layer that is chosen. */
  private tellLayer(): void {
    const { tensor, scheme } = this.host.state();
    const name = this.values.nameOf(tensor);
    const report = name !== undefined && this.layers()?.report(name, scheme);
    if (report) this.notify(() => this.connection.sendNotification(playgroundProtocol.layer, report));
  }

  private report({ model }: PlaygroundState, { checkpoint, tensor, stats }: PlayedValues, preview: PreviewReport): PlaygroundReport {
    const { shape } = checkpoint.tensors[tensor]!;
    const { bitsPerWeight, fallback } = preview.errors;
    const scheme = findScheme(fallback ?? preview.scheme);
    const codes = isAffineScheme(scheme) ? affineRange(0, 1, scheme.bits, scheme.symmetric) : undefined;
    const parameters = this.modelSize(model);
    return {
      preview,
      shape: [...shape],
      label: scheme.label,
      kurtosis: stats?.kurtosis ?? null,
      ...(codes && isAffineScheme(scheme)
        ? { affine: { ranges: countRanges(scheme.granularity, shape), minCode: codes.minCode, maxCode: codes.maxCode } }
        : {}),
      times: 32 / bitsPerWeight,
      measuredAs: measuredAs(preview.scheme),
      size: parameters === undefined ? null : sizeAtBits(parameters, bitsPerWeight),
    };
  }

  /** Weights that a word such as `7B` stands for; undefined for any other. */
  private modelSize(model: string): number | undefined {
    if (model.trim() === "") return this.ready().snapshot.parameters;
    try {
      const query = parseEstimateQuery(model);
      return query.types || query.context !== undefined ? undefined : estimateSize({ ...query, types: [] }).parameters;
    } catch (error) {
      if (error instanceof UsageError) return undefined;
      throw error;
    }
  }

  private async quality(params: Record<string, unknown>, signal: AbortSignal): Promise<QualityReport> {
    const state = playgroundState(params["state"]);
    const token = integer(params, "token", 0, Number.MAX_SAFE_INTEGER);
    const { checkpoint, tensor } = await this.values.find(state);
    if (signal.aborted) throw new CancelledError();
    const key = keyOf(state);
    const types = qualityTypes(state.scheme, checkpoint.tensors[tensor]!.shape);
    const engine = await this.host.engine();
    let { figures, share } = this.known.key === key ? this.known : nothingKnown;
    const missing = types.ids.filter((id) => figures[id] === undefined);
    for (let start = 0; start < missing.length; start += typesAtOnce) {
      const before = figures;
      const found = await typeErrors(engine, { checkpoint, tensor }, missing.slice(start, start + typesAtOnce), signal, (sampled) => {
        const report = qualityReport(types, { ...before, ...sampled.figures }, sampled.share);
        this.notify(() => this.connection.sendNotification(playgroundProtocol.qualitySampled, { token, report }));
      });
      figures = { ...before, ...found.figures };
      share = Math.min(share, found.share);
      if (!signal.aborted) this.known = { key, figures, share };
    }
    return qualityReport(types, figures, share);
  }

  private ready(): ReadyContent {
    const { content } = this.document;
    return content?.kind === "ready" ? content : invalid("the checkpoint could not be read");
  }
}
