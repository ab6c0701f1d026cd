import path from "node:path";
import type { Message } from "vscode-jsonrpc";
import { openModel } from "../../../src/core/convert/openModel";
import { openTokenizer } from "../../../src/core/text/openTokenizer";
import { CheckpointDocument } from "../../../src/extension/document/checkpointDocument";
import { JobList } from "../../../src/extension/jobs/jobList";
import { isFileType } from "../../../src/extension/perplexity/measuredTypes";
import { PerplexitySession } from "../../../src/extension/perplexity/perplexitySession";
import { PerplexityTable } from "../../../src/extension/perplexity/perplexityTable";
import { NodeFolder } from "../../../src/io/nodeFolder";
import { openPath } from "../../../src/io/openPath";
import { Engine } from "../../../src/jobs/engine";
import { readSamples } from "../../../src/jobs/textSamples";
import type { PerplexityChoice } from "../../../src/protocol/perplexity";
import { diskSource } from "./sessionHost";
import type { PageHost } from "./webviewPage";

const dist = path.join(__dirname, "..", "..", "..", "dist");
const sampleText = path.join(__dirname, "..", "..", "..", "media", "sample", "calibration.txt");

/** The real thing behind a Perplexity page: document, table, session, workers and kernels. Only VS Code itself is noted instead of done. */
export class PerplexitySessionHost implements PageHost {
  readonly asked: string[] = [];
  readonly copied: string[] = [];
  readonly saved: { name: string; content: Uint8Array }[] = [];
  readonly failures: unknown[] = [];
  private readonly engine = new Engine({
    workerFile: path.join(dist, "tasks.js"),
    kernelsFile: path.join(dist, "kernels.wasm"),
    threads: 2,
  });
  private readonly document: CheckpointDocument;
  private current: PerplexityTable | undefined;
  private session: PerplexitySession | undefined;

  /** @param file path of the checkpoint */
  constructor(
    private readonly file: string,
    private readonly choice: PerplexityChoice,
  ) {
    this.document = new CheckpointDocument(diskSource(file), {
      engine: () => Promise.resolve(this.engine),
      jobs: new JobList(),
      cache: { load: () => Promise.resolve(undefined), save: () => Promise.resolve() },
      bins: () => 128,
      text: { scan: "Scan", scanned: (tensors) => `${tensors} tensors` },
      reportFailure: (error) => this.failures.push(error),
    });
  }

  /** What is measured; undefined while the document is not read. */
  get table(): PerplexityTable | undefined {
    const { content } = this.document;
    if (content?.kind !== "ready") return undefined;
    const folder = new NodeFolder(path.dirname(this.file));
    return (this.current ??= new PerplexityTable(
      content.opened,
      {
        engine: () => Promise.resolve(this.engine),
        jobs: new JobList(),
        uri: this.document.uri,
        text: {
          measure: "Perplexity",
          measured: (models) => `${models} models`,
          original: "Original",
          sample: "Sample text",
          linearOnly: "linear layers only",
        },
        isFileType,
        samples: ({ text = sampleText, field, samples: count, length }, signal) =>
          readSamples(content.opened, folder, { path: text, field }, { count, length }, signal),
        tokenizer: () => openTokenizer(content.opened, folder),
        sourceModel: () => openModel(content.opened, folder),
        open: (uri) => openPath(uri.replace("file://", "")),
        nameOf: (uri) => ({ label: path.basename(uri), detail: uri }),
        reportFailure: (error) => this.failures.push(error),
      },
      this.choice,
    ));
  }

  attach(post: (message: Message) => Promise<void>): void {
    this.session?.dispose();
    this.session = new PerplexitySession(this.document, {
      table: () => this.table,
      page: () => ({ locale: "en", strings: {} }),
      chooseText: () => Promise.resolve(void this.asked.push("text")),
      chooseTypes: () => Promise.resolve(void this.asked.push("types")),
      exportTable: () => Promise.resolve(void this.asked.push("export")),
      copy: (text) => Promise.resolve(void this.copied.push(text)),
      save: (name, content) => Promise.resolve(this.saved.push({ name, content }) > 0),
      reportFailure: (error) => this.failures.push(error),
      post,
    });
  }

  receive(message: Message): void {
    this.session?.receive(message);
  }

  async dispose(): Promise<void> {
    this.session?.dispose();
    this.current?.dispose();
    this.document.dispose();
    await this.engine.dispose();
  }
}
