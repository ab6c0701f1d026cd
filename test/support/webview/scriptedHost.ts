import type { RequestType } from "vscode-jsonrpc";
import { editorProtocol, type InitializeResult } from "../../../src/protocol/editor";
import type { EditorState } from "../../../src/protocol/editorState";
import { NotedPageHost } from "./notedPageHost";

type Protocol = typeof editorProtocol;
type RequestName = { [K in keyof Protocol]: Protocol[K] extends RequestType<infer _P, infer _R, void> ? K : never }[keyof Protocol];
type ParamsOf<K extends RequestName> = Protocol[K] extends RequestType<infer P, infer _R, void> ? P : never;
type ResultOf<K extends RequestName> = Protocol[K] extends RequestType<infer _P, infer R, void> ? R : never;

/** Answers of a host, by request. Those left out are refused, as an unknown request is. */
export type Answers = {
  [K in RequestName]?: (params: ParamsOf<K>, signal: AbortSignal) => ResultOf<K> | Promise<ResultOf<K>>;
};

/** A host whose every answer is the test's, for what cannot be had from a real checkpoint: races, failures, size. */
export class ScriptedPageHost extends NotedPageHost {
  lastState: EditorState | undefined;

  constructor(
    private readonly initial: () => InitializeResult,
    private readonly answers: Answers = {},
  ) {
    super();
  }

  protected override answer(): void {
    this.connection.onRequest(editorProtocol.initialize, () => this.initial());
    this.connection.onRequest(editorProtocol.cancelScan, () => void this.asked.push({ name: "cancelScan", params: undefined }));
    this.connection.onNotification(editorProtocol.saveState, (state) => (this.lastState = state));
    for (const name of Object.keys(this.answers) as RequestName[]) this.answerAs(name);
  }

  /** Parameters of all requests of a name so far. */
  params<K extends RequestName>(name: K): ParamsOf<K>[] {
    return this.asked.filter((request) => request.name === name).map(({ params }) => params as ParamsOf<K>);
  }

  private answerAs<K extends RequestName>(name: K): void {
    const work = this.answers[name];
    this.connection.onRequest(editorProtocol[name].method, async (params: ParamsOf<K>, token) => {
      this.asked.push({ name, params });
      const life = new AbortController();
      token.onCancellationRequested(() => life.abort());
      return work?.(params, life.signal);
    });
  }
}
