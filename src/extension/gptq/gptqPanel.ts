import * as vscode from "vscode";
import type { GptqChoice } from "../../protocol/gptq";
import type { ReadyContent } from "../document/checkpointDocument";
import type { DocumentShare } from "../document/documentStore";
import { revealTensor } from "../editor/revealTensor";
import { MeasuredPanel } from "../editor/measuredPanel";
import { postTo } from "../editor/rpcChannel";
import { saveFile } from "../editor/saveFile";
import { outputFolder } from "../outputFolder";
import type { Services } from "../services";
import { samplesOfChoice } from "../text/textSamples";
import { askText } from "../text/textSteps";
import { restoredGptqChoice } from "./gptqChoice";
import { GptqExplorer } from "./gptqExplorer";
import { type GptqPageHost, GptqSession } from "./gptqSession";

/** The GPTQ page of one checkpoint. What was measured stays when the page is hidden. */
export class GptqPanel extends MeasuredPanel<GptqSession, GptqExplorer> {
  private choice: GptqChoice;

  /** @param state what VS Code kept of the page */
  constructor(panel: vscode.WebviewPanel, uri: vscode.Uri, share: DocumentShare, services: Services, state: unknown) {
    super(panel, uri, share, services, "gptq");
    this.choice = restoredGptqChoice(state);
  }

  /** Undefined where there is nothing to explore. */
  get explorer(): GptqExplorer | undefined {
    return this.subject;
  }

  /** Runs the model on a text, and quantizes a layer of it. */
  async explore(choice: Omit<GptqChoice, "settings">): Promise<void> {
    await this.share.document.whenRead();
    this.explorer?.choose(choice);
  }

  protected override contentChanged(): void {
    this.choice = this.current?.choice ?? this.choice;
    this.forget();
    this.page.session?.changed().catch(this.services.reportFailure);
  }

  protected override start(): GptqSession {
    return new GptqSession(this.share.document, this.host());
  }

  protected override make(content: ReadyContent): GptqExplorer {
    const { services, uri } = this;
    return new GptqExplorer(
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
  }

  private host(): GptqPageHost {
    const { services, uri } = this;
    return {
      explorer: () => this.explorer,
      page: () => this.pageTexts(),
      chooseText: async ({ checkpoint, choice }) => {
        const { settings: _, ...before } = choice;
        await this.explore(await askText(vscode.l10n.t("Explore GPTQ on {0}", checkpoint.name), uri, before));
      },
      openTensor: async (name) => {
        const index = this.explorer?.checkpoint.tensors.findIndex((tensor) => tensor.name === name) ?? -1;
        if (index >= 0) await revealTensor(services, this.share.document, uri, index);
      },
      save: (name, content) => saveFile(outputFolder(services.context, uri), name, content),
      reportFailure: services.reportFailure,
      post: postTo(this.panel.webview),
    };
  }
}
