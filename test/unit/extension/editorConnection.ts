import { createMessageConnection, type Message, type MessageConnection } from "vscode-jsonrpc";
import { CheckpointDocument } from "../../../src/extension/document/checkpointDocument";
import { EditorSession, type SessionHost } from "../../../src/extension/editor/editorSession";
import { PostingMessageWriter, PushedMessageReader } from "../../../src/extension/editor/rpcChannel";
import type { EditorSettings } from "../../../src/protocol/editor";
import { FakeEngine, FakeSource, fakeHost } from "./fakeDocument";

/** What pages are told of the settings. */
export const settings: EditorSettings = { locale: "en", strings: {}, bins: 64, defaultScheme: "Q4_K" };

/** Copies a message as the channel between webview and host does. */
function copied(message: Message): Message {
  return JSON.parse(JSON.stringify(message)) as Message;
}

interface Connection {
  page: MessageConnection;
  session: EditorSession;
  document: CheckpointDocument;
  engine: FakeEngine;
  source: FakeSource;
  calls: unknown[];
  /** Of the walkthrough, as they were done. */
  steps: string[];
}

/** A session, and the page's end of the wire. */
export function connect(): Connection {
  const source = new FakeSource();
  const engine = new FakeEngine();
  const documentHost = fakeHost(engine);
  const document = new CheckpointDocument(source, documentHost);
  const calls: unknown[] = [];
  const steps: string[] = [];
  const reader = new PushedMessageReader();
  const host: SessionHost = {
    engine: () => Promise.resolve(engine),
    settings: () => settings,
    schemes: () => [{ id: "Q4_K", label: "Q4_K", family: "ggml" }],
    copy: (text) => Promise.resolve(void calls.push(["copy", text])),
    save: (name, content) => Promise.resolve(calls.push(["save", name, new TextDecoder().decode(content)]) > 0),
    act: (action) => Promise.resolve(void calls.push(["act", action])),
    saveState: (state) => calls.push(["state", state]),
    selected: (tensor) => calls.push(["selected", tensor]),
    initialized: (result) => calls.push(["initialized", result.kind]),
    did: (step) => steps.push(step),
    reportFailure: (error) => calls.push(["failure", error]),
    post: (message) => Promise.resolve(reader.push(copied(message))),
  };
  const session = new EditorSession(document, host);
  const page = createMessageConnection(reader, new PostingMessageWriter((message) => Promise.resolve(session.receive(copied(message)))));
  page.listen();
  return { page, session, document, engine, source, calls, steps };
}
