/**
 * The conversation between the pre-flight page and the extension host: all that will be written, before anything is. The
 * page asks once, and answers with the user's decision. Spoken like the editor's, see `editor.ts`.
 */
import { RequestType, RequestType0 } from "vscode-jsonrpc";

/** What becomes of one tensor. */
export interface PreflightRow {
  name: string;
  shape: number[];
  from: string;
  to: string;
  /** In the output. */
  bytes: number;
  /** False for what stays in a floating-point or integer type. */
  isQuantized: boolean;
  /** The rule that decided. */
  rule: string;
  /** The type it should have had, where its rows do not divide into that one's blocks; and how many bytes this adds. */
  fallback?: { wanted: string; extraBytes: number };
}

export interface PreflightPicture {
  /** Of the checkpoint. */
  name: string;
  /** File type or scheme: `Q4_K_M`. */
  type: string;
  /** Of a scheme: what its identifier stands for. */
  typeLabel?: string;
  /** Paths and exact sizes, small files that go with the weights included. */
  files: { path: string; bytes: number }[];
  /** Paths of files that are there and will be replaced. */
  replaced: string[];
  /** Of the output, exact. */
  bytes: number;
  /** Of the tensors of the checkpoint. */
  sourceBytes: number;
  bitsPerWeight: number;
  /** On the disk it goes to; absent where the system does not say. */
  freeBytes?: number;
  /** In the order of the file. */
  rows: PreflightRow[];
  /** What the user should know, but need not act on. */
  notes: string[];
  /** What the user is told of how it is made. */
  facts: string[];
  /** Why it cannot be written like this. */
  refusal?: string;
  locale: string;
  strings: Record<string, string>;
}

export const preflightProtocol = {
  initialize: new RequestType0<PreflightPicture, void>("initialize"),
  /** Ends the page: the files are written, or not. */
  decide: new RequestType<{ write: boolean }, void, void>("decide"),
  /** Puts the whole plan on the clipboard, as Markdown. */
  copyMarkdown: new RequestType0<void, void>("copyMarkdown"),
  copy: new RequestType<{ text: string }, void, void>("copy"),
} as const;
