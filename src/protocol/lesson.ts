/**
 * The conversation between the lesson page and the extension host. Every number that a figure shows is asked for here; the
 * page draws. Spoken like the editor's, see `editor.ts`.
 */
import { NotificationType, RequestType, RequestType0 } from "vscode-jsonrpc";
import type { Diagnostic } from "../core/errors";
import type { MechanicsInput, MechanicsReport } from "../core/lesson/mechanics";
import type { NumberLine, Snap } from "../core/lesson/numberLine";
import type { LessonProgress, SectionProgress } from "../core/lesson/progress";
import type { QuizProblem } from "../core/lesson/quiz/problem";
import type { QuizId } from "../core/lesson/quiz/quizzes";
import type { QuizScore } from "../core/lesson/quiz/results";
import type { LessonPlace, SectionId } from "../core/lesson/sections";
import type { StepId } from "../core/lesson/steps";
import type { MatrixVectorReport, PreviewReport } from "../jobs/contract";

/** The tensor that figures are about. */
export interface LessonTensor {
  /** Place among the tensors of the checkpoint. */
  index: number;
  name: string;
  shape: number[];
  parameters: number;
}

/** The checkpoint that figures are about: the sample, or one that the reader chose. */
export interface LessonSubject {
  uri: string;
  name: string;
  isSample: boolean;
  architecture?: string;
  parameters: number;
  /** Absent where the checkpoint has no matrix whose values can be read. */
  tensor?: LessonTensor;
}

export interface LessonPicture {
  subject: LessonSubject | { diagnostic: Diagnostic };
  /** Those there are, in order, with a short title. */
  sections: { id: SectionId; title: string; quizzes: QuizId[] }[];
  /** Of the walkthrough, in order. */
  steps: readonly StepId[];
  progress: LessonProgress;
  /** The place to show first. */
  start?: LessonPlace;
  locale: string;
  strings: Record<string, string>;
}

/** A model of some number of weights in one format. */
export interface ModelSize {
  type: string;
  /** As its project writes it, and told apart from its variants. */
  name: string;
  bitsPerWeight: number;
  bytes: number;
  /** Bytes of FP32 for each of these. */
  timesSmaller: number;
}

/** The number line of a tensor, with some of its weights. */
export interface NumberLineReport extends NumberLine {
  /** Smallest and largest weight of the tensor. */
  min: number;
  max: number;
  /** Row that the weights are from, and each with its level. */
  row: number;
  weights: Snap[];
  /** Mean absolute error and root mean squared error over the whole tensor. */
  mae: number | null;
  rmse: number | null;
}

/** The certificate as it would be saved now. */
export interface CertificatePicture {
  /** An SVG document, and its size in pixels. */
  svg: string;
  width: number;
  height: number;
  score: QuizScore;
}

/** Sizes of models that the lesson can ask for. */
export const parameterBounds = { min: 1e8, max: 1e12 } as const;
/** Ends of ranges and values that the reader can choose in the mechanics: ±. */
export const largestValue = 1000;

export const lessonProtocol = {
  /** First message of the page; answered with everything. */
  initialize: new RequestType0<LessonPicture, void>("initialize"),
  /** Marks a section; null takes the mark away. */
  markSection: new RequestType<{ section: SectionId; state: SectionProgress | null }, void, void>("markSection"),
  /** Takes down the step of the walkthrough that is shown. `passed`: the one that was gone on from, which is done. */
  showStep: new RequestType<{ step: StepId; passed: StepId | null }, void, void>("showStep"),
  /** Forgets where the reader is in the walkthrough. */
  restartSteps: new RequestType0<void, void>("restartSteps"),
  /** Lets the reader choose a checkpoint, or a tensor of it; `changed` follows. */
  chooseCheckpoint: new RequestType0<void, void>("chooseCheckpoint"),
  chooseTensor: new RequestType0<void, void>("chooseTensor"),
  /** Shows a tensor in the checkpoint's editor. */
  openTensor: new RequestType<{ tensor: number }, void, void>("openTensor"),
  /** A model of so many weights in the formats the lesson speaks of. */
  sizes: new RequestType<{ parameters: number }, ModelSize[], void>("sizes"),
  mechanics: new RequestType<MechanicsInput, MechanicsReport, void>("mechanics"),
  numberLine: new RequestType<{ tensor: number; bits: number; symmetric: boolean }, NumberLineReport, void>("numberLine"),
  /** The level that a value moves to on a tensor's number line. */
  snap: new RequestType<{ tensor: number; bits: number; symmetric: boolean; value: number }, Snap, void>("snap"),
  /** Exact, of the whole tensor. */
  preview: new RequestType<{ tensor: number; scheme: string; bins: number }, PreviewReport, void>("preview"),
  /** Times products of a tensor with a vector on this machine. */
  matrixVector: new RequestType<{ tensor: number }, MatrixVectorReport, void>("matrixVector"),
  /** A quick check with the numbers and the order of a seed. */
  quiz: new RequestType<{ quiz: QuizId; seed: number }, QuizProblem, void>("quiz"),
  /** Takes an answer down, and says which option is right. */
  answerQuiz: new RequestType<{ quiz: QuizId; seed: number; option: string }, { right: string }, void>("answerQuiz"),
  /** Marks the lesson as complete, now. */
  complete: new RequestType0<void, void>("complete"),
  /** The certificate of a reader of this name, who has completed the lesson. */
  certificate: new RequestType<{ name: string }, CertificatePicture, void>("certificate"),
  /** Saves through a save dialog; false when dismissed. */
  save: new RequestType<{ name: string; text?: string; dataUrl?: string }, boolean, void>("save"),

  /** Host → page: another checkpoint or tensor, or the file changed. */
  changed: new NotificationType<LessonPicture>("changed"),
  /** Host → page: progress, of this window or another. */
  progress: new NotificationType<LessonProgress>("progress"),
  /** Host → page: show that place. */
  openPlace: new NotificationType<{ place: LessonPlace }>("openPlace"),
} as const;
