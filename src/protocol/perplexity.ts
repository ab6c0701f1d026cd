/**
 * The conversation between the Perplexity page and the extension host: how well a model foresees a text, and what becomes of that
 * in other types. The host runs the model; the page draws. Spoken like the editor's, see `editor.ts`.
 */
import { NotificationType, RequestType, RequestType0 } from "vscode-jsonrpc";
import type { Diagnostic } from "../core/errors";

/** What the measured windows say of a model. */
export interface PerplexityFigures {
  perplexity: number;
  /** Of the perplexity. */
  standardError: number;
  /** Mean negative log-likelihood, in nats. */
  nll: number;
  /** Windows behind these figures. */
  windows: number;
}

/** How far a model's answers are from those of the original. */
export interface AnswerFigures {
  /** Perplexity less that of the original. */
  delta: number;
  /** Kullback-Leibler divergence from the original in nats, over the scored tokens. */
  divergence: { mean: number; median: number; percentile99: number; max: number };
  /** Share of the tokens for which both find the same one most likely, 0 to 1. */
  sameTop: number;
}

/** A model whose perplexity is wanted: the checkpoint itself, the checkpoint in a type, or another file. */
export interface PerplexityRow {
  /** Unique in the table: `original`, `type:Q4_K_M`, `file:…`. */
  id: string;
  kind: "original" | "type" | "file";
  /** Identifier of a type; what is shown of the others. */
  label: string;
  /** Of a scheme: what its identifier stands for. */
  schemeLabel?: string;
  /** What it is, where the name does not say: where a file lies, what of the model a scheme is for. */
  detail?: string;
  /** Of the tensors' data; null until they are known. */
  bytes: number | null;
  bitsPerWeight: number | null;
  figures: PerplexityFigures | null;
  /** Null for the original, and where there are no figures. */
  answers: AnswerFigures | null;
  /** Why there is nothing to measure. */
  reason?: string;
}

export type PerplexityRun =
  | { kind: "none" }
  | { kind: "running"; doneBytes: number; totalBytes: number; elapsedMs: number }
  | { kind: "cancelled" }
  | { kind: "done"; elapsedMs: number }
  | { kind: "failed"; message: string };

/** What is measured: kept with the page, so that it comes back with it. */
export interface PerplexityChoice {
  /** Path of a file or a folder; the shipped sample text when absent. */
  text?: string;
  /** The field of JSONL records that has the text. */
  field?: string;
  /** Windows; all that the text has when absent. */
  samples?: number;
  /** Tokens of a window; what the model takes, up to 512, when absent. */
  length?: number;
  /** File types and schemes. */
  types: string[];
  /** URIs of other checkpoints. */
  files: string[];
}

/** The text as far as it is known. */
export interface MeasuredText {
  name: string;
  /** Windows of so many tokens. */
  windows: number;
  length: number;
  /** Tokens in a window whose likelihood is counted: those of its second half. */
  scored: number;
  /** Whether these windows are all that the text has. */
  isWhole: boolean;
}

/** Everything that changes while it is measured. */
export interface PerplexityState {
  rows: PerplexityRow[];
  run: PerplexityRun;
  text?: MeasuredText;
}

export type PerplexityPicture =
  | ({
      kind: "ready";
      name: string;
      /** Of the checkpoint: what a page that is brought back begins with. */
      uri: string;
      choice: PerplexityChoice;
      locale: string;
      strings: Record<string, string>;
    } & PerplexityState)
  | { kind: "failed"; diagnostic: Diagnostic; locale: string; strings: Record<string, string> };

/** A token of the text. */
export interface TokenView {
  /** As it reads. */
  text: string;
  /** Negative log-likelihoods in nats by the original and by the row; absent for tokens that are only context. */
  before?: number;
  after?: number;
  /** Divergence of the distributions in nats. */
  divergence?: number;
}

/** A token that a row foresees worse than the original does. */
export interface WorstToken extends Required<TokenView> {
  /** Place in the text. */
  position: number;
  /** The text before it. */
  context: string;
}

/** Tokens of a page of the text. */
export interface TokenPage {
  start: number;
  /** In all windows. */
  total: number;
  tokens: TokenView[];
  /** Of the tokens of this page that are scored: how many, by how much their negative log-likelihood grew on average, in nats, and how
   * many of them lost more than {@link clearLoss}. */
  scored: number;
  meanLoss: number;
  lost: number;
}

/** A loss of likelihood that is worth a look, in nats: the token became less than half as likely. */
export const clearLoss = Math.LN2;

/** Tokens that a page has at most. */
export const mostTokensOfPage = 512;

export const perplexityProtocol = {
  /** First message of the page; answered with everything. */
  initialize: new RequestType0<PerplexityPicture, void>("initialize"),
  /** Lets the user choose another text, or another part of it. */
  chooseText: new RequestType0<void, void>("chooseText"),
  /** Lets the user choose types and other checkpoints. */
  chooseTypes: new RequestType0<void, void>("chooseTypes"),
  measure: new RequestType0<void, void>("measure"),
  cancel: new RequestType0<void, void>("cancel"),
  /** Some tokens with what a row makes of them; null while nothing is known. */
  tokens: new RequestType<{ row: string; start: number; count: number }, TokenPage | null, void>("tokens"),
  /** The tokens that lost most likelihood, worst first. */
  worst: new RequestType<{ row: string }, WorstToken[], void>("worst"),
  /** Saves the table through dialogs. */
  export: new RequestType0<void, void>("export"),
  copy: new RequestType<{ text: string }, void, void>("copy"),
  /** Saves through a save dialog; false when dismissed. */
  save: new RequestType<{ name: string; text?: string; dataUrl?: string }, boolean, void>("save"),

  /** Host → page: everything again, since the choice or the file changed. */
  changed: new NotificationType<PerplexityPicture>("changed"),
  /** Host → page: more is measured. */
  state: new NotificationType<PerplexityState>("state"),
} as const;
