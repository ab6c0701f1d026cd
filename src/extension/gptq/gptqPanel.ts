import * as vscode from "vscode";
import type { GptqChoice } from "../../protocol/gptq";
import type { CheckpointDocument } from "../document/checkpointDocument";
import type { DocumentShare } from "../document/documentStore";
import { revealTensor } from "../editor/revealTensor";
import { postTo } from "../editor/rpcChannel";
import { WebviewPage } from "../editor/webviewPage";
import { webviewStrings } from "../editor/webviewStrings";
import { DisposableStore } from "../emitter";
import type { Services } from "../services";
import { samplesOfChoice } from "../text/textSamples";
import { askText } from "../text/textSteps";
import { restoredGptqChoice } from "./gptqChoice";
import { GptqExplorer } from "./gptqExplorer";
import { type GptqPageHost, GptqSession } from "./gptqSession";

/** The GPTQ page of one checkpoint. What was measured stays when the page is hidden. */
export class GptqPanel implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly page: WebviewPage<GptqSession>;
  private choice: GptqChoice;
  private current: GptqExplorer | undefined;

  /** @param state what VS Code kept of the page */
  constructor(
    private readonly panel: vscode.WebviewPanel,
    readonly uri: vscode.Uri,
    private readonly share: DocumentShare,
    private readonly services: Services,
    state: unknown,
  ) {
    this.choice = restoredGptqChoice(state);
    const start = (): GptqSession => new GptqSession(share.document, this.host());
    this.page = new WebviewPage(panel, services, { page: "gptq", title: panel.title, hasIcon: true, start });
    this.store.add(panel.onDidDispose(() => this.dispose()));
    this.store.add(share.document.onDidChange(() => this.contentChanged()));
  }

  /** Undefined where there is nothing to explore. */
  get explorer(): GptqExplorer | undefined {
    return this.current ?? this.make(this.share.document);
  }

  reveal(): void {
    this.panel.reveal();
  }

  /** Runs the model on a text, and quantizes a layer of it. */
  async explore(choice: Omit<GptqChoice, "settings">): Promise<void> {
    await this.share.document.whenRead();
    this.explorer?.choose(choice);
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
    this.page.session?.changed().catch(this.services.reportFailure);
  }

  private make({ content }: CheckpointDocument): GptqExplorer | undefined {
    if (content?.kind !== "ready") return undefined;
    const { services, uri } = this;
    this.current = new GptqExplorer(
      content.opened,
      {
        engine: () => services.engine.get(),
        jobs: services.jobs,
        uri: uri.toString(),
        text: {
          collect: vscode.l10n.t("Collect Activations"),
          collected: (tokens) => vscode.l10n.t("{0} tokens", services.numbers.integer(tokens)),
          compare: vscode.l10n.t("Explore GPTQ"),
          compared: (settings) => vscode.l10n.t("{0} settings", services.numbers.integer(settings)),
          sample: vscode.l10n.t("Sample text"),
        },
        samples: (checkpoint, choice, signal) => samplesOfChoice(services, uri, checkpoint, choice, signal),
        reportFailure: services.reportFailure,
      },
      this.choice,
    );
    return this.current;
  }

  private host(): GptqPageHost {
    const { services, uri } = this;
    return {
      explorer: () => this.explorer,
      page: () => ({ locale: vscode.env.language, strings: webviewStrings() }),
      chooseText: async ({ checkpoint, choice }) => {
        const { settings: _, ...before } = choice;
        await this.explore(await askText(vscode.l10n.t("Explore GPTQ on {0}", checkpoint.name), uri, before));
      },
      openTensor: async (name) => {
        const index = this.explorer?.checkpoint.tensors.findIndex((tensor) => tensor.name === name) ?? -1;
        if (index >= 0) await revealTensor(services, this.share.document, uri, index);
      },
      reportFailure: services.reportFailure,
      post: postTo(this.panel.webview),
    };
  }
}
