import * as vscode from "vscode";
import { openModel } from "../../core/convert/openModel";
import type { SourceModel } from "../../core/convert/sourceModel";
import type { Checkpoint } from "../../core/tensor/checkpoint";
import { openTokenizer } from "../../core/text/openTokenizer";
import type { Tokenizer } from "../../core/text/tokenizer";
import type { PerplexityChoice } from "../../protocol/perplexity";
import type { CheckpointDocument } from "../document/checkpointDocument";
import type { DocumentShare } from "../document/documentStore";
import { folderOf, nameOf, openCheckpointAt } from "../document/openUri";
import { postTo } from "../editor/rpcChannel";
import { saveFile } from "../editor/saveFile";
import { WebviewPage } from "../editor/webviewPage";
import { webviewStrings } from "../editor/webviewStrings";
import { DisposableStore } from "../emitter";
import { perplexityReport } from "../report/perplexityReports";
import { askReportFile } from "../report/reportFile";
import type { Services } from "../services";
import { samplesOfChoice } from "../text/textSamples";
import { askText } from "../text/textSteps";
import { isFileType, quickWindows } from "./measuredTypes";
import { passedChoice } from "./perplexityChoice";
import { PerplexitySession, type PerplexityPageHost } from "./perplexitySession";
import { PerplexityTable } from "./perplexityTable";
import { askModels } from "./typePicker";

/** The Perplexity page of one checkpoint. The table stays when the page is hidden. */
export class PerplexityPanel implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly page: WebviewPage<PerplexitySession>;
  private choice: PerplexityChoice | undefined;
  private current: PerplexityTable | undefined;

  /** @param state what VS Code kept of the page */
  constructor(
    private readonly panel: vscode.WebviewPanel,
    readonly uri: vscode.Uri,
    private readonly share: DocumentShare,
    private readonly services: Services,
    state: unknown,
  ) {
    const stored = typeof state === "object" && state !== null && "choice" in state ? state.choice : undefined;
    this.choice = passedChoice(stored);
    const start = (): PerplexitySession => new PerplexitySession(share.document, this.host());
    this.page = new WebviewPage(panel, services, { page: "perplexity", title: panel.title, hasIcon: true, start });
    this.store.add(panel.onDidDispose(() => this.dispose()));
    this.store.add(share.document.onDidChange(() => this.contentChanged()));
  }

  /** What is measured; undefined where there is nothing to measure. */
  get table(): PerplexityTable | undefined {
    return this.current ?? this.make(this.share.document);
  }

  reveal(): void {
    this.panel.reveal();
  }

  /** Measures a text and models, besides what is measured of them already. */
  async measure(choice: PerplexityChoice): Promise<void> {
    await this.share.document.whenReadable();
    this.table?.choose(choice);
  }

  dispose(): void {
    this.page.dispose();
    this.current?.dispose();
    this.current = undefined;
    this.store.dispose();
    this.share.dispose();
  }

  private contentChanged(): void {
    this.choice = this.current?.choice ?? this.choice;
    this.current?.dispose();
    this.current = undefined;
    this.page.session?.tableChanged();
  }

  private make({ content }: CheckpointDocument): PerplexityTable | undefined {
    if (content?.kind !== "ready") return undefined;
    const { services, uri } = this;
    const { opened } = content;
    let tokenizer: Promise<Tokenizer> | undefined;
    let model: Promise<SourceModel> | undefined;
    this.current = new PerplexityTable(
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
    return this.current;
  }

  private host(): PerplexityPageHost {
    const { services, uri } = this;
    return {
      table: () => this.table,
      page: () => ({ locale: vscode.env.language, strings: webviewStrings() }),
      chooseText: async (table) => {
        const { types, files } = table.choice;
        table.choose({ ...(await askText(titleOf(table.checkpoint), uri, table.choice)), types, files });
      },
      chooseTypes: async (table) => {
        table.choose({ ...table.choice, ...(await askModels(services, uri, table.checkpoint, table.choice)) });
      },
      exportTable: async (table) => {
        const { target, format } = await askReportFile(uri, "perplexity");
        await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(perplexityReport(table.checkpoint.name, table.now, format)));
      },
      copy: (text) => Promise.resolve(vscode.env.clipboard.writeText(text)),
      save: (name, content) => saveFile(uri, name, content),
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
