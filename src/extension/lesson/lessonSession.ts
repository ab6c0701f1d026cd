import { certificateName, certificateSize, certificateSvg, type CertificateTexts, longestName } from "../../core/lesson/certificate";
import { mechanics } from "../../core/lesson/mechanics";
import { numberLine, snap } from "../../core/lesson/numberLine";
import { type LessonProgress, withCompletion, withoutSteps, withSection, withStep } from "../../core/lesson/progress";
import { isQuizId, largestSeed, makeProblem, type QuizId, quizzesOf, rightOption } from "../../core/lesson/quiz/quizzes";
import { type QuizScore, scoreOf, withQuizAnswer } from "../../core/lesson/quiz/results";
import { isSectionId, type LessonPlace, type SectionId, sectionIds } from "../../core/lesson/sections";
import { stepIds } from "../../core/lesson/steps";
import type { Folder } from "../../core/file";
import type { Reason } from "../../core/recipe/reasons";
import { countValues, matrixShape } from "../../core/tensor/tensorInfo";
import type { PreviewReport } from "../../jobs/contract";
import type { Engine } from "../../jobs/engine";
import {
  type CertificatePicture,
  type LessonPicture,
  lessonProtocol,
  type LessonSubject,
  type NumberLineReport,
  parameterBounds,
} from "../../protocol/lesson";
import type { CheckpointDocument, ReadyContent } from "../document/checkpointDocument";
import { integer, numberBetween, oneOf, text } from "../editor/params";
import { invalid, type PageHost, PageSession } from "../editor/pageSession";
import { saveWith } from "../editor/savedContent";
import type { Disposable } from "../emitter";
import { answerFigures } from "./figures/answerFigures";
import { modelSizes } from "./figures/modelSizes";
import { recipeFigure } from "./figures/recipeFigure";
import { LessonModels, type RunSubject } from "./figures/lessonModels";
import type { ModelEngine } from "./figures/modelRun";
import { lessonTensors } from "./lessonTensors";

/** The largest finite float32. */
const largestFloat = 3.4028234663852886e38;

/** The checkpoint that figures are about, and the tensor that the reader chose of it. */
export interface ChosenSubject {
  document: CheckpointDocument;
  isSample: boolean;
  /** By name; the first matrix when absent or gone. */
  tensor: string | undefined;
}

/** What the lesson page can ask of the window around it. */
export interface LessonHost extends PageHost {
  engine(): Promise<Pick<Engine, "preview" | "values" | "matrixVector" | "errors"> & ModelEngine>;
  subject(): ChosenSubject;
  /** Where configuration and tokenizer of its checkpoint lie. */
  folder(): Folder;
  /** Folder of the sample on this disk: figures run it where the subject cannot be. */
  readonly sampleFolder: string;
  /** A recipe's reason in the user's language. */
  reasonText(reason: Reason): string;
  page(): { locale: string; strings: Record<string, string> };
  titleOf(section: SectionId): string;
  /** The place that was asked for before the page could show it; asked for once. */
  takeStart(): LessonPlace | undefined;
  readonly progress: {
    readonly current: LessonProgress;
    update(change: (progress: LessonProgress) => LessonProgress): Promise<void>;
    onDidChange(listener: (progress: LessonProgress) => void): Disposable;
  };
  chooseCheckpoint(): Promise<void>;
  chooseTensor(): Promise<void>;
  openTensor(index: number): Promise<void>;
  /** The words of a certificate. @param completedAt ISO 8601 */
  certificateTexts(name: string, score: QuizScore, completedAt: string): CertificateTexts;
  save(name: string, content: Uint8Array): Promise<boolean>;
}

/** Weights drawn on the number line. */
const drawnWeights = 48;

/** One lesson page's conversation: figures from the engine's jobs and the core, progress from the window. */
export class LessonSession extends PageSession {
  constructor(private readonly host: LessonHost) {
    super(host);
    const p = lessonProtocol;
    this.answer(p.initialize, async () => {
      await host.subject().document.whenRead();
      return this.picture();
    });
    this.answer(p.markSection, (params) => {
      const section = params["section"];
      if (!isSectionId(section)) return invalid("section must be one of the lesson's");
      const state = params["state"] === null ? undefined : oneOf(params, "state", ["read", "done"]);
      return host.progress.update((progress) => withSection(progress, section, state));
    });
    this.answer(p.showStep, (params) => {
      const step = oneOf(params, "step", stepIds);
      const passed = params["passed"] === null ? undefined : oneOf(params, "passed", stepIds);
      return host.progress.update((progress) => withStep(progress, step, passed));
    });
    this.answer(p.restartSteps, () => host.progress.update(withoutSteps));
    this.answer(p.chooseCheckpoint, () => host.chooseCheckpoint());
    this.answer(p.chooseTensor, () => host.chooseTensor());
    this.answer(p.openTensor, (params) => host.openTensor(this.tensor(params).tensor));
    this.answer(p.sizes, (params) => modelSizes(numberBetween(params, "parameters", parameterBounds.min, parameterBounds.max)));
    this.answer(p.mechanics, (params) => {
      // Whatever a tensor can hold: the walkthrough asks for its range.
      const number = (name: string): number => numberBetween(params, name, -largestFloat, largestFloat);
      const [low, high] = [number("low"), number("high")];
      if (low >= high) return invalid("low must be below high");
      return mechanics({ low, high, bits: integer(params, "bits", 2, 16), value: number("value") });
    });
    this.answer(p.numberLine, (params, signal) => this.numberLine(params, signal));
    this.answer(p.snap, async (params, signal) => {
      const value = numberBetween(params, "value", -Number.MAX_VALUE, Number.MAX_VALUE);
      return snap(value, (await this.lineOf(params, signal)).line);
    });
    this.answer(p.preview, (params, signal) => {
      const { content, tensor } = this.tensor(params);
      return this.preview(content, tensor, text(params, "scheme", 64), integer(params, "bins", 1, 1024), signal);
    });
    this.answer(p.matrixVector, async (params, signal) => {
      const { content, tensor } = this.tensor(params);
      const engine = await host.engine();
      return engine.matrixVector({ checkpoint: content.checkpoint, tensor }, { signal, progress: () => undefined });
    });
    answerFigures(this.answer.bind(this), {
      models: new LessonModels(
        host.sampleFolder,
        () => host.engine(),
        () => this.runSubject(),
        this.life.signal,
      ),
      engine: () => host.engine(),
      tensor: (params) => this.tensor(params),
      recipe: () => recipeFigure(this.ready().checkpoint, host.folder(), (reason) => host.reasonText(reason)),
    });
    this.answer(p.quiz, (params) => makeProblem(quizOf(params), integer(params, "seed", 0, largestSeed)));
    this.answer(p.answerQuiz, async (params) => {
      const quiz = quizOf(params);
      const { options } = makeProblem(quiz, integer(params, "seed", 0, largestSeed));
      const option = text(params, "option", 64);
      if (!options.some(({ id }) => id === option)) return invalid("option must be one of the check's");
      await host.progress.update((progress) => withQuizAnswer(progress, quiz, option === rightOption));
      return { right: rightOption };
    });
    this.answer(p.complete, () => host.progress.update((progress) => withCompletion(progress, new Date().toISOString())));
    this.answer(p.certificate, (params) => this.certificate(text(params, "name", 20 * longestName)));
    this.answer(p.save, saveWith(host));
    this.store.add(host.progress.onDidChange((now) => this.notify(() => this.connection.sendNotification(p.progress, now))));
    this.connection.listen();
  }

  /** Shows another checkpoint, tensor or content. */
  subjectChanged(): void {
    const picture = this.picture();
    this.notify(() => this.connection.sendNotification(lessonProtocol.changed, picture));
  }

  openPlace(place: LessonPlace): void {
    this.notify(() => this.connection.sendNotification(lessonProtocol.openPlace, { place }));
  }

  private picture(): LessonPicture {
    const { host } = this;
    const start = host.takeStart();
    return {
      subject: this.subject(),
      sections: sectionIds.map((id) => ({ id, title: host.titleOf(id), quizzes: quizzesOf([id]) })),
      steps: stepIds,
      progress: host.progress.current,
      ...(start ? { start } : {}),
      ...host.page(),
    };
  }

  private certificate(typed: string): CertificatePicture {
    const { quizzes, completedAt } = this.host.progress.current;
    if (completedAt === undefined) return invalid("the lesson is not marked as complete");
    const score = scoreOf(quizzes, quizzesOf(sectionIds));
    return { svg: certificateSvg(this.host.certificateTexts(certificateName(typed), score, completedAt)), ...certificateSize, score };
  }

  private subject(): LessonPicture["subject"] {
    const { document, isSample, tensor: wanted } = this.host.subject();
    const { content } = document;
    if (!content) throw new Error("The document is closed.");
    if (content.kind === "failed") return { diagnostic: content.diagnostic };
    const { checkpoint, snapshot } = content;
    const tensors = lessonTensors(checkpoint);
    const index = tensors.find((place) => checkpoint.tensors[place]!.name === wanted) ?? tensors[0];
    const info = index === undefined ? undefined : checkpoint.tensors[index];
    const subject: LessonSubject = {
      uri: document.uri,
      name: document.name,
      isSample,
      ...(snapshot.architecture === undefined ? {} : { architecture: snapshot.architecture }),
      parameters: snapshot.parameters,
    };
    if (index === undefined || !info) return subject;
    return { ...subject, tensor: { index, name: info.name, shape: [...info.shape], parameters: countValues(info.shape) } };
  }

  private runSubject(): RunSubject {
    const { document, isSample } = this.host.subject();
    const { content } = document;
    const read = content?.kind === "ready" ? { checkpoint: content.opened, parameters: content.snapshot.parameters } : undefined;
    return { isSample, content: read, folder: this.host.folder() };
  }

  private ready(): ReadyContent {
    const { content } = this.host.subject().document;
    return content?.kind === "ready" ? content : invalid("the checkpoint could not be read");
  }

  private tensor(params: Record<string, unknown>): { content: ReadyContent; tensor: number } {
    const content = this.ready();
    return { content, tensor: integer(params, "tensor", 0, content.checkpoint.tensors.length - 1) };
  }

  private async lineOf(params: Record<string, unknown>, signal: AbortSignal) {
    const { content, tensor } = this.tensor(params);
    const bits = integer(params, "bits", 2, 8);
    const symmetric = params["symmetric"] === true;
    const { min, max } = await content.measurements.detail(tensor, signal);
    if (min === null || max === null) return invalid("the tensor has no finite values");
    return { content, tensor, min, max, line: numberLine(min, max, bits, symmetric) };
  }

  private async numberLine(params: Record<string, unknown>, signal: AbortSignal): Promise<NumberLineReport> {
    const { content, tensor, min, max, line } = await this.lineOf(params, signal);
    const { rows, columns } = matrixShape(content.checkpoint.tensors[tensor]!.shape);
    const row = Math.floor(rows / 2);
    const engine = await this.host.engine();
    const page = { row, rows: 1, column: 0, columns: Math.min(columns, drawnWeights) };
    const { values } = await engine.values({ checkpoint: content.checkpoint, tensor, ...page }, { signal, progress: () => undefined });
    const scheme = `int${line.bits}-${line.symmetric ? "sym" : "asym"}-tensor`;
    const { errors } = await this.preview(content, tensor, scheme, 64, signal);
    const weights = values.flat().flatMap((value) => (typeof value === "number" ? [snap(value, line)] : []));
    return { ...line, min, max, row, weights, mae: errors.mae, rmse: errors.rmse };
  }

  private async preview(content: ReadyContent, tensor: number, scheme: string, bins: number, signal: AbortSignal): Promise<PreviewReport> {
    const engine = await this.host.engine();
    const { checkpoint, measurements } = content;
    return engine.preview({ checkpoint, tensor, scheme, bins, stats: measurements.find(tensor) }, { signal, progress: () => undefined });
  }
}

function quizOf({ quiz }: Record<string, unknown>): QuizId {
  return isQuizId(quiz) ? quiz : invalid("quiz must be one of the lesson's");
}
