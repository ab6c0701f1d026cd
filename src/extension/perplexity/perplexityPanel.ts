import * as vscode from "vscode";
import { openModel } from "../../core/convert/openModel";
import type { SourceModel } from "../../core/convert/sourceModel";
import type { Checkpoint } from "../../core/tensor/checkpoint";
import { openTokenizer } from "../../core/text/openTokenizer";
import type { Tokenizer } from "../../core/text/tokenizer";
import type { PerplexityChoice } from "../../protocol/perplexity";
import type { ReadyContent } from "../document/checkpointDocument";
import type { DocumentShare } from "../document/documentStore";
import { folderOf, nameOf, openCheckpointAt } from "../document/openUri";
import { MeasuredPanel } from "../editor/measuredPanel";
import { postTo } from "../editor/rpcChannel";
import { saveFile } from "../editor/saveFile";
import { outputFolder } from "../outputFolder";
import { perplexityReport } from "../report/perplexityReports";
import { askReportFile } from "../report/reportFile";
import type { Services } from "../services";
import { samplesOfChoice } from "../text/textSamples";
import { askText } from "../text/textSteps";
import { isFileType, quickWindows, schemeLabel } from "./measuredTypes";
import { passedChoice } from "./perplexityChoice";
import { PerplexitySession, type PerplexityPageHost } from "./perplexitySession";
import { PerplexityTable } from "./perplexityTable";
import { askModels } from "./typePicker";

/** The Perplexity page of one checkpoint. The table stays when the page is hidden. */
export class PerplexityPanel extends MeasuredPanel<PerplexitySession, PerplexityTable> {
  private choice: PerplexityChoice | undefined;

  /** @param state what VS Code kept of the page */
  constructor(panel: vscode.WebviewPanel, uri: vscode.Uri, share: DocumentShare, services: Services, state: unknown) {
    super(panel, uri, share, services, "perplexity");
    const stored = typeof state === "object" && state !== null && "choice" in state ? state.choice : undefined;
    this.choice = passedChoice(stored);
  }

  /** What is measured; undefined where there is nothing to measure. */
  get table(): PerplexityTable | undefined {
    return this.subject;
  }

  /** Measures a text and models, besides what is measured of them already. */
  async measure(choice: PerplexityChoice): Promise<void> {
    await this.share.document.whenReadable();
    this.table?.choose(choice);
  }

  protected override contentChanged(): void {
    this.choice = this.current?.choice ?? this.choice;
    this.forget();
    this.page.session?.tableChanged();
  }

  protected override start(): PerplexitySession {
    return new PerplexitySession(this.share.document, this.host());
  }

  protected override make(content: ReadyContent): PerplexityTable {
    const { services, uri } = this;
    const { opened } = content;
    let tokenizer: Promise<Tokenizer> | undefined;
    let model: Promise<SourceModel> | undefined;
    const table = new PerplexityTable(
      opened,
      {
        engine: () => services.engine.get(),
        jobs: services.jobs,
        uri: uri.toString(),
        text: {
          measure: vscode.l10n.t("Perplexity"),
          measured: (models, elapsedMs) =>
            vscode.l10n.t("{0} models in {1} s", services.numbers.integer(models), services.numbers.significant(elapsedMs / 1000)),
          original: vscode.l10n.t("Original"),
          sample: vscode.l10n.t("Sample text"),
          linearOnly: vscode.l10n.t("linear layers only"),
        },
        isFileType,
        schemeLabel,
        samples: (choice, signal) => samplesOfChoice(services, uri, opened, choice, signal),
        tokenizer: () => (tokenizer ??= openTokenizer(opened, folderOf(uri))),
        sourceModel: () => (model ??= openModel(opened, folderOf(uri))),
        open: (other) => openCheckpointAt(vscode.Uri.parse(other, true)),
        nameOf: (other) => {
          const parsed = vscode.Uri.parse(other);
          return { label: nameOf(parsed), detail: vscode.workspace.asRelativePath(parsed) };
        },
        reportFailure: services.reportFailure,
      },
      this.choice ?? { samples: quickWindows(opened), types: [], files: [] },
    );
    table.onDidMeasure((state) => services.perplexityResults.keep(opened, state));
    return table;
  }

  private host(): PerplexityPageHost {
    const { services, uri } = this;
    return {
      table: () => this.table,
      page: () => this.pageTexts(),
      chooseText: async (table) => {
        const { types, files } = table.choice;
        table.choose({ ...(await askText(titleOf(table.checkpoint), uri, table.choice)), types, files });
      },
      chooseTypes: async (table) => {
        table.choose({ ...table.choice, ...(await askModels(services, uri, table.checkpoint, table.choice)) });
      },
      exportTable: async (table) => {
        const { target, format } = await askReportFile(services.context, uri, "perplexity");
        await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(perplexityReport(table.checkpoint.name, table.now, format)));
      },
      copy: (text) => Promise.resolve(vscode.env.clipboard.writeText(text)),
      save: (name, content) => saveFile(outputFolder(services.context, uri), name, content),
      reportFailure: services.reportFailure,
      post: postTo(this.panel.webview),
    };
  }
}

function titleOf({ name }: Checkpoint): string {
  return vscode.l10n.t("Perplexity of {0}", name);
}

/**
 * Asks for all that has to be known before anything is measured: a text, how much of it, and what to compare.
 *
 * @param before what is offered first: of an open page
 * @throws CancelledError
 */
export async function askPerplexity(
  services: Services,
  uri: vscode.Uri,
  checkpoint: Checkpoint,
  before: PerplexityChoice | undefined,
): Promise<PerplexityChoice> {
  const usual = before ?? { samples: quickWindows(checkpoint), types: [], files: [] };
  const text = await askText(titleOf(checkpoint), uri, usual);
  return { ...text, ...(await askModels(services, uri, checkpoint, usual)) };
}
