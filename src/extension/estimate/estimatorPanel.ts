import * as vscode from "vscode";
import { CancelledError } from "../../core/errors";
import { postTo } from "../editor/rpcChannel";
import { WebviewPage } from "../editor/webviewPage";
import { webviewStrings } from "../editor/webviewStrings";
import { DisposableStore } from "../emitter";
import type { Services } from "../services";
import { configAt, shapesAt, shownName } from "./estimateSubject";
import { Estimator } from "./estimator";
import { passedEstimate } from "./estimatorChoice";
import { estimateCsv, estimateMarkdown, type ReadyEstimate } from "./estimatorReport";
import { type EstimatorPageHost, EstimatorSession } from "./estimatorSession";
import { localizedTexts } from "./localizedTexts";
import { askModel } from "./modelPicker";

/** The panel of the Size Estimator. What is asked stays when the page is hidden. */
export class EstimatorPanel implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly page: WebviewPage<EstimatorSession>;
  readonly estimator: Estimator;

  /** @param choice what a caller passed, or VS Code kept of the page */
  constructor(
    private readonly panel: vscode.WebviewPanel,
    private readonly services: Services,
    choice: unknown,
  ) {
    this.estimator = new Estimator(
      {
        checkpoint: async (uri) => ({ shapes: await shapesAt(services, vscode.Uri.parse(uri, true)), uncounted: [] }),
        config: (uri) => configAt(vscode.Uri.parse(uri, true)),
        nameOf: (uri) => shownName(vscode.Uri.parse(uri)),
      },
      localizedTexts,
      passedEstimate(choice),
    );
    const start = (): EstimatorSession => new EstimatorSession(this.estimator, this.host());
    this.page = new WebviewPage(panel, services, { page: "estimate", title: panel.title, hasIcon: true, start });
    this.store.add(panel.onDidDispose(() => this.dispose()));
  }

  reveal(): void {
    this.panel.reveal();
  }

  /** Asks something else; what is not said of it stays. */
  choose(choice: unknown): void {
    this.estimator.choose(passedEstimate({ ...this.estimator.choice, ...(typeof choice === "object" ? choice : {}) }));
  }

  dispose(): void {
    this.page.dispose();
    this.store.dispose();
  }

  private host(): EstimatorPageHost {
    const { services } = this;
    return {
      page: () => ({ locale: vscode.env.language, strings: webviewStrings() }),
      choose: async (source) => {
        if (source === "size") return;
        const uri = await askModel(source);
        this.choose({ source, [source]: uri.toString() });
      },
      exportTable: (types) => this.exportTable(types),
      save: (name, content) => this.save(name, content, { PNG: ["png"] }),
      markdown: (types) => this.markdown(types),
      copy: (text) => Promise.resolve(vscode.env.clipboard.writeText(text)),
      reportFailure: services.reportFailure,
      post: postTo(this.panel.webview),
    };
  }

  /** @throws CancelledError */
  private exportTable(types: readonly string[]): Promise<void> {
    return this.save(
      "estimate.csv",
      (target) => new TextEncoder().encode(/\.md$/i.test(target.path) ? this.markdown(types) : estimateCsv(this.ready(), types)),
      { CSV: ["csv"], Markdown: ["md"] },
    );
  }

  /** Asks where to, beside the model or in the workspace. @throws CancelledError */
  private async save(
    name: string,
    content: Uint8Array | ((target: vscode.Uri) => Uint8Array),
    filters: Record<string, string[]>,
  ): Promise<void> {
    const { source, checkpoint, config } = this.estimator.choice;
    const beside =
      source === "checkpoint" ? checkpoint : source === "config" ? config : vscode.workspace.workspaceFolders?.[0]?.uri.toString();
    const folder = beside === undefined ? undefined : vscode.Uri.parse(beside);
    const target = await vscode.window.showSaveDialog({
      filters,
      ...(folder ? { defaultUri: vscode.Uri.joinPath(folder, ...(source === "size" ? [] : [".."]), name) } : {}),
    });
    if (!target) throw new CancelledError();
    await vscode.workspace.fs.writeFile(target, typeof content === "function" ? content(target) : content);
  }

  private markdown(types: readonly string[]): string {
    const { numbers } = this.services;
    const answer = this.ready();
    const { choice } = this.estimator;
    const parts = [
      vscode.l10n.t("{0} weights", numbers.integer(answer.parameters)),
      answer.isAssumed ? vscode.l10n.t("layers and attention as in {0}", answer.shapesOf) : answer.shapesOf,
      vscode.l10n.t("{0} tokens of context", numbers.integer(answer.context)),
      vscode.l10n.t("{0} sequences", numbers.integer(answer.sequences)),
      vscode.l10n.t("KV cache in {0}", choice.kvType),
    ];
    return estimateMarkdown(
      answer,
      types,
      {
        title: vscode.l10n.t(
          "Size of {0}",
          answer.isAssumed ? vscode.l10n.t("{0} weights", numbers.count(answer.parameters)) : answer.shapesOf,
        ),
        basis: parts.join(" · "),
        columns: [
          vscode.l10n.t("Type"),
          vscode.l10n.t("Bits per weight"),
          vscode.l10n.t("Weights"),
          vscode.l10n.t("KV cache"),
          vscode.l10n.t("Working memory"),
          vscode.l10n.t("Total"),
        ],
        device: (index) => {
          const { name, kind, gib } = answer.devices[index]!;
          return kind === "custom" ? vscode.l10n.t("{0} GiB", numbers.significant(gib)) : name;
        },
        fits: vscode.l10n.t("fits"),
      },
      (value) => numbers.hundredths(value),
    );
  }

  /** @throws CancelledError while there is no table */
  private ready(): ReadyEstimate {
    const { answer } = this.estimator;
    if (answer?.kind !== "ready") throw new CancelledError();
    return answer;
  }
}
