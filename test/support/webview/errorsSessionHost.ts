import path from "node:path";
import type { Message } from "vscode-jsonrpc";
import { listSchemes } from "../../../src/core/quant/registry";
import { CheckpointDocument } from "../../../src/extension/document/checkpointDocument";
import { ErrorTable } from "../../../src/extension/errors/errorTable";
import { ErrorsSession } from "../../../src/extension/errors/errorsSession";
import { JobList } from "../../../src/extension/jobs/jobList";
import { Engine } from "../../../src/jobs/engine";
import { diskSource } from "./sessionHost";
import type { PageHost } from "./webviewPage";

const dist = path.join(__dirname, "..", "..", "..", "dist");

/**
 * The real thing behind an Errors page: a checkpoint on disk, the real document, table, session, workers and kernels. Only VS
 * Code itself (clipboard, dialogs, commands) is noted instead of done.
 */
export class ErrorsSessionHost implements PageHost {
  readonly opened: number[] = [];
  readonly quantized: { type: string | undefined; keep: readonly string[] }[] = [];
  readonly saved: { name: string; content: Uint8Array }[] = [];
  readonly failures: unknown[] = [];
  private readonly jobs = new JobList();
  private readonly engine = new Engine({
    workerFile: path.join(dist, "tasks.js"),
    kernelsFile: path.join(dist, "kernels.wasm"),
    threads: 2,
  });
  private readonly document: CheckpointDocument;
  private table: ErrorTable | undefined;
  private session: ErrorsSession | undefined;

  /** @param file path of the checkpoint */
  constructor(
    file: string,
    private readonly types?: readonly string[],
  ) {
    this.document = new CheckpointDocument(diskSource(file), {
      engine: () => Promise.resolve(this.engine),
      jobs: this.jobs,
      cache: { load: () => Promise.resolve(undefined), save: () => Promise.resolve() },
      bins: () => 128,
      text: { scan: "Scan", scanned: (tensors) => `${tensors} tensors` },
      reportFailure: (error) => this.failures.push(error),
    });
  }

  attach(post: (message: Message) => Promise<void>): void {
    this.session?.dispose();
    this.session = new ErrorsSession(this.document, {
      table: () => (this.table ??= this.makeTable()),
      schemes: () => listSchemes().map(({ id, label, family }) => ({ id, label, family })),
      page: () => ({ locale: "en", strings: {} }),
      chooseTypes: () => Promise.resolve(),
      chooseImportance: () => Promise.resolve(),
      exportTable: () => Promise.resolve(),
      copy: () => Promise.resolve(),
      save: (name, content) => Promise.resolve(this.saved.push({ name, content }) > 0),
      openTensor: (index) => Promise.resolve(void this.opened.push(index)),
      quantize: (type, keep) => Promise.resolve(void this.quantized.push({ type, keep })),
      reportFailure: (error) => this.failures.push(error),
      post,
    });
  }

  receive(message: Message): void {
    this.session?.receive(message);
  }

  async dispose(): Promise<void> {
    this.session?.dispose();
    this.table?.dispose();
    this.document.dispose();
    await this.engine.dispose();
  }

  private makeTable(): ErrorTable | undefined {
    const { content } = this.document;
    if (content?.kind !== "ready") return undefined;
    return new ErrorTable(
      content.checkpoint,
      {
        engine: () => Promise.resolve(this.engine),
        jobs: this.jobs,
        uri: this.document.uri,
        text: {
          measure: "Errors",
          measured: (types) => `${types} types`,
          needsImportance: (type) => `${type} needs an importance matrix.`,
        },
        reportFailure: (error) => this.failures.push(error),
      },
      this.types,
    );
  }
}
