import path from "node:path";
import { openModel } from "../../../src/core/convert/openModel";
import { openTokenizer } from "../../../src/core/text/openTokenizer";
import type { PageHost } from "../../../src/extension/editor/pageSession";
import { isFileType, schemeLabel } from "../../../src/extension/perplexity/measuredTypes";
import { PerplexitySession } from "../../../src/extension/perplexity/perplexitySession";
import { PerplexityTable } from "../../../src/extension/perplexity/perplexityTable";
import { NodeFolder } from "../../../src/io/nodeFolder";
import { openPath } from "../../../src/io/openPath";
import { readSamples } from "../../../src/jobs/textSamples";
import type { PerplexityChoice } from "../../../src/protocol/perplexity";
import { DocumentPageHost } from "./documentPageHost";

const sampleText = path.join(__dirname, "..", "..", "..", "media", "sample", "calibration.txt");

/** The real thing behind a Perplexity page, its table included. */
export class PerplexitySessionHost extends DocumentPageHost<PerplexitySession> {
  readonly asked: string[] = [];
  readonly copied: string[] = [];
  private current: PerplexityTable | undefined;

  /** @param file path of the checkpoint */
  constructor(
    file: string,
    private readonly choice: PerplexityChoice,
  ) {
    super(file);
  }

  /** What is measured; undefined while the document is not read. */
  get table(): PerplexityTable | undefined {
    const { content } = this.document;
    if (content?.kind !== "ready") return undefined;
    const folder = new NodeFolder(this.folder);
    return (this.current ??= new PerplexityTable(
      content.opened,
      {
        ...this.measuring,
        uri: this.document.uri,
        text: {
          measure: "Perplexity",
          measured: (models) => `${models} models`,
          original: "Original",
          sample: "Sample text",
          linearOnly: "linear layers only",
        },
        isFileType,
        schemeLabel,
        samples: ({ text = sampleText, field, samples: count, length }, signal) =>
          readSamples(content.opened, folder, { path: text, field }, { count, length }, signal),
        tokenizer: () => openTokenizer(content.opened, folder),
        sourceModel: () => openModel(content.opened, folder),
        open: (uri) => openPath(uri.replace("file://", "")),
        nameOf: (uri) => ({ label: path.basename(uri), detail: uri }),
      },
      this.choice,
    ));
  }

  protected override connect(page: PageHost): PerplexitySession {
    return new PerplexitySession(this.document, {
      ...page,
      table: () => this.table,
      page: () => ({ locale: "en", strings: {} }),
      chooseText: () => Promise.resolve(void this.asked.push("text")),
      chooseTypes: () => Promise.resolve(void this.asked.push("types")),
      exportTable: () => Promise.resolve(void this.asked.push("export")),
      copy: (text) => Promise.resolve(void this.copied.push(text)),
      save: (name, content) => this.save(name, content),
    });
  }

  protected override forget(): void {
    this.current?.dispose();
  }
}
