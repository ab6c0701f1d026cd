import { parseEstimateQuery } from "../../core/estimate/parseQuery";
import { sizeAtBits } from "../../core/estimate/sizeAtBits";
import { CancelledError, UsageError } from "../../core/errors";
import type { ErrorFigures, TensorStats } from "../../core/measure/reports";
import { countRanges } from "../../core/quant/affine";
import { affineRange } from "../../core/quant/affineArithmetic";
import { findScheme, isAffineScheme } from "../../core/quant/registry";
import type { Checkpoint } from "../../core/tensor/checkpoint";
import type { PreviewReport, SampledErrors } from "../../jobs/contract";
import type { Engine } from "../../jobs/engine";
import type { SchemeChoice } from "../../protocol/editor";
import {
  playgroundProtocol,
  type PlaygroundPicture,
  type PlaygroundReport,
  type PlaygroundState,
  type PlaygroundTensor,
  type QualityReport,
} from "../../protocol/playground";
import type { CheckpointDocument, ReadyContent } from "../document/checkpointDocument";
import { integer, text } from "../editor/params";
import { invalid, type PageHost, PageSession } from "../editor/pageSession";
import { savedContent } from "../editor/savedContent";
import { playgroundState, restoredState, usualState } from "./playgroundState";
import { qualityReport, qualityTypes } from "./qualityTypes";

/** What the Playground page can ask of the window around it. */
export interface PlaygroundHost extends PageHost {
  engine(): Promise<Pick<Engine, "preview" | "errors" | "stats" | "draw">>;
  schemes(): SchemeChoice[];
  page(): { locale: string; strings: Record<string, string> };
  /** What is chosen; kept while the page is hidden. */
  state(): PlaygroundState;
  keep(state: PlaygroundState): void;
  copyLink(state: PlaygroundState): Promise<void>;
  save(name: string, content: Uint8Array): Promise<boolean>;
  openTensor(name: string): Promise<void>;
}

/** Bins of the figure: as many as it has pixels for, two each. */
const bins = 160;

/** Values of a tensor whose statistics are waited for: they take less time than the figure. */
const quickValues = 2 ** 24;

/** Types that are measured together: fewer than a task can hold, so that what is quick is known first. */
const typesAtOnce = 48;

/** The values that are played with. */
interface Subject {
  checkpoint: Checkpoint;
  tensor: number;
  stats?: TensorStats;
}

/** One Playground page's conversation with its checkpoint. */
export class PlaygroundSession extends PageSession {
  private contentLife = new AbortController();
  private measureLife = new AbortController();
  private drawn: { key: string; subject: Promise<Subject>; life: AbortController } | undefined;
  /** Figures of the last values, by scheme. */
  private known: { key: string; figures: Record<string, ErrorFigures> } = { key: "", figures: {} };

  constructor(
    private readonly document: CheckpointDocument,
    private readonly host: PlaygroundHost,
  ) {
    super(host);
    const p = playgroundProtocol;
    this.answer(p.initialize, async () => {
      await document.whenRead();
      return this.picture();
    });
    this.answer(p.measure, (params, signal) => this.measure(params, signal));
    this.answer(p.quality, (params, signal) => this.quality(params, signal));
    this.answer(p.copyLink, (params) => host.copyLink(playgroundState(params["state"])));
    this.answer(p.openTensor, (params) => host.openTensor(text(params, "tensor", 65_535)));
    this.answer(p.save, (params) => {
      const { name, content } = savedContent(params);
      return host.save(name, content);
    });
    this.connection.onNotification(p.saveState, (state: unknown) => host.keep(restoredState(state)));
    this.store.add(document.onDidChange(() => this.changed()));
    this.connection.listen();
  }

  override dispose(): void {
    this.contentLife.abort();
    this.drawn?.life.abort();
    super.dispose();
  }

  /** Shows everything again: another content, or what a link says. */
  changed(): void {
    this.contentLife.abort();
    this.contentLife = new AbortController();
    this.known = { key: "", figures: {} };
    const picture = this.picture();
    this.notify(() => this.connection.sendNotification(playgroundProtocol.changed, picture));
  }

  protected override get subjectSignal(): AbortSignal {
    return this.contentLife.signal;
  }

  private picture(): PlaygroundPicture {
    const { content } = this.document;
    if (!content) throw new Error("The document is closed.");
    if (content.kind === "failed") return { kind: "failed", diagnostic: content.diagnostic, ...this.host.page() };
    const tensors = this.tensors(content);
    return {
      kind: "ready",
      name: this.document.name,
      uri: this.document.uri,
      tensors,
      parameters: content.snapshot.parameters,
      schemes: this.host.schemes(),
      // A checkpoint without values has only shaped ones.
      state: { ...this.host.state(), ...(tensors.length === 0 ? { data: "shaped" as const } : {}) },
      usual: usualState,
      ...this.host.page(),
    };
  }

  /** Those with values, largest first: matrices before vectors. */
  private tensors({ snapshot }: ReadyContent): PlaygroundTensor[] {
    return snapshot.tensors
      .filter(({ decodable, parameters }) => decodable && parameters > 0)
      .map(({ name, dtype, shape, parameters }) => ({ name, dtype, shape, parameters }))
      .sort((a, b) => b.parameters - a.parameters);
  }

  /** A newer request takes the place of an older one, which may still be on its way from sampled to exact. */
  private async measure(params: Record<string, unknown>, signal: AbortSignal): Promise<PlaygroundReport> {
    const state = playgroundState(params["state"]);
    const token = integer(params, "token", 0, Number.MAX_SAFE_INTEGER);
    this.measureLife.abort();
    this.measureLife = new AbortController();
    const wanted = AbortSignal.any([signal, this.measureLife.signal]);
    const subject = await this.subject(state);
    if (wanted.aborted) throw new CancelledError();
    const engine = await this.host.engine();
    const { checkpoint, tensor, stats } = subject;
    const preview = await engine.preview(
      {
        checkpoint,
        tensor,
        scheme: state.scheme,
        bins,
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

  private report({ model }: PlaygroundState, { checkpoint, tensor, stats }: Subject, preview: PreviewReport): PlaygroundReport {
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
      size: parameters === undefined ? null : sizeAtBits(parameters, bitsPerWeight),
    };
  }

  /** Weights that a word such as `7B` stands for; undefined for any other. */
  private modelSize(model: string): number | undefined {
    if (model.trim() === "") return this.ready().snapshot.parameters;
    try {
      const { parameters, types, context } = parseEstimateQuery(model);
      return types || context !== undefined ? undefined : parameters;
    } catch (error) {
      if (error instanceof UsageError) return undefined;
      throw error;
    }
  }

  private async quality(params: Record<string, unknown>, signal: AbortSignal): Promise<QualityReport> {
    const state = playgroundState(params["state"]);
    const token = integer(params, "token", 0, Number.MAX_SAFE_INTEGER);
    const { checkpoint, tensor } = await this.subject(state);
    if (signal.aborted) throw new CancelledError();
    const key = this.keyOf(state);
    const types = qualityTypes(state.scheme, checkpoint.tensors[tensor]!.shape);
    const known = this.known.key === key ? this.known.figures : {};
    const missing = types.ids.filter((id) => known[id] === undefined);
    if (missing.length === 0) return qualityReport(types, known, 1);
    const engine = await this.host.engine();
    let figures = known;
    for (let start = 0; start < missing.length; start += typesAtOnce) {
      const before = figures;
      const onSampled = ({ tensors: [row], share }: SampledErrors): void => {
        if (!row || signal.aborted) return;
        const report = qualityReport(types, { ...before, ...row.types }, share);
        this.notify(() => this.connection.sendNotification(playgroundProtocol.qualitySampled, { token, report }));
      };
      const input = { checkpoint, tensors: [tensor], types: missing.slice(start, start + typesAtOnce), onSampled };
      const { tensors } = await engine.errors(input, { signal, progress: () => undefined });
      figures = { ...before, ...(tensors[0]?.types ?? invalid("the tensor cannot be read")) };
      if (!signal.aborted) this.known = { key, figures };
    }
    return qualityReport(types, figures, 1);
  }

  /** What tells the values of two states apart. */
  private keyOf({ data, tensor, shaped }: PlaygroundState): string {
    return data === "shaped" ? JSON.stringify(shaped) : tensor;
  }

  private subject(state: PlaygroundState): Promise<Subject> {
    return state.data === "shaped" ? this.shapedSubject(state) : this.storedSubject(state);
  }

  private async storedSubject({ tensor: name }: PlaygroundState): Promise<Subject> {
    const content = this.ready();
    const [first] = this.tensors(content);
    const { tensors } = content.snapshot;
    const found = tensors.findIndex((tensor) => tensor.name === name && tensor.decodable && tensor.parameters > 0);
    const tensor = found >= 0 ? found : tensors.findIndex((candidate) => candidate.name === first?.name);
    const row = tensors[tensor] ?? invalid("the checkpoint has no values");
    const { measurements, checkpoint } = content;
    // Not of the request: figures that are begun are kept for the next.
    const stats =
      row.parameters <= quickValues ? await measurements.detail(tensor, this.contentLife.signal) : measurements.find(tensor);
    return { checkpoint, tensor, ...(stats ? { stats } : {}) };
  }

  /** Drawn once for each shape: a scheme that changes finds the same values. */
  private shapedSubject(state: PlaygroundState): Promise<Subject> {
    const key = this.keyOf(state);
    if (this.drawn?.key === key && !this.drawn.life.signal.aborted) return this.drawn.subject;
    this.drawn?.life.abort();
    const life = new AbortController();
    const subject = this.draw(state, life.signal);
    // Whoever waits for it is told; here it is only not to be kept.
    subject.catch(() => life.abort());
    this.drawn = { key, subject, life };
    return subject;
  }

  private async draw({ shaped }: PlaygroundState, signal: AbortSignal): Promise<Subject> {
    const engine = await this.host.engine();
    const context = { signal, progress: () => undefined };
    const checkpoint = await engine.draw(shaped, context);
    const { tensors } = await engine.stats({ checkpoint }, context);
    return { checkpoint, tensor: 0, stats: tensors[0] };
  }

  private ready(): ReadyContent {
    const { content } = this.document;
    return content?.kind === "ready" ? content : invalid("the checkpoint could not be read");
  }
}
