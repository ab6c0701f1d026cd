import { readFileSync } from "node:fs";
import path from "node:path";
import { configuredModel } from "../../../src/core/estimate/configShapes";
import { shapesFromCheckpoint } from "../../../src/core/estimate/modelShapes";
import { noteText } from "../../../src/core/estimate/notes";
import type { PageHost } from "../../../src/extension/editor/pageSession";
import { Estimator } from "../../../src/extension/estimate/estimator";
import { passedEstimate } from "../../../src/extension/estimate/estimatorChoice";
import { EstimatorSession } from "../../../src/extension/estimate/estimatorSession";
import { openPath } from "../../../src/io/openPath";
import type { EstimateSource } from "../../../src/protocol/estimate";
import { LivePageHost } from "./livePageHost";

/** The real thing behind a Size Estimator: session, estimator and core. Only VS Code itself is noted instead of done. */
export class EstimatorSessionHost extends LivePageHost<EstimatorSession> {
  readonly copied: string[] = [];
  /** Types of each table that was to be exported or copied. */
  readonly tables: (readonly string[])[] = [];
  readonly estimator: Estimator;

  /** @param files what is chosen when the page asks for a checkpoint or a config.json: paths */
  constructor(
    choice: unknown = undefined,
    private readonly files: Partial<Record<EstimateSource, string>> = {},
    private readonly strings: Record<string, string> = {},
  ) {
    super();
    this.estimator = new Estimator(
      {
        checkpoint: async (uri) => {
          const checkpoint = await openPath(uri.replace("file://", ""));
          try {
            return { shapes: await shapesFromCheckpoint(checkpoint), uncounted: [] };
          } finally {
            await checkpoint.close();
          }
        },
        config: (uri) => {
          const config = JSON.parse(readFileSync(uri.replace("file://", ""), "utf8")) as Record<string, unknown>;
          return Promise.resolve(configuredModel(config, path.basename(path.dirname(uri))));
        },
        nameOf: (uri) => uri.split("/").slice(-2).join("/"),
      },
      { note: noteText, explanation: (text) => text },
      passedEstimate(choice),
    );
  }

  protected override connect(page: PageHost): EstimatorSession {
    return new EstimatorSession(this.estimator, {
      ...page,
      page: () => ({ locale: "en", strings: this.strings }),
      choose: (source) => {
        const file = this.files[source];
        if (file !== undefined) this.estimator.choose({ ...this.estimator.choice, source, [source]: `file://${file}` });
        return Promise.resolve();
      },
      exportTable: (types) => Promise.resolve(void this.tables.push(types)),
      save: async (name, content) => void (await this.save(name, content)),
      markdown: (types) => {
        this.tables.push(types);
        return "markdown";
      },
      copy: (text) => Promise.resolve(void this.copied.push(text)),
    });
  }
}
