import * as vscode from "vscode";
import type { PerplexityChoice } from "../../protocol/perplexity";
import type { PlaygroundState } from "../../protocol/playground";
import type { ReadyContent } from "../document/checkpointDocument";
import type { DocumentShare } from "../document/documentStore";
import { MeasuredPanel } from "../editor/measuredPanel";
import { revealTensor } from "../editor/revealTensor";
import { postTo } from "../editor/rpcChannel";
import { saveFile } from "../editor/saveFile";
import { histogramChoices } from "../editor/schemeChoices";
import { usualGptqChoice } from "../gptq/gptqExplorer";
import { outputFolder } from "../outputFolder";
import { quickWindows } from "../perplexity/measuredTypes";
import { sampleUri } from "../sample";
import type { Services } from "../services";
import { samplesOfChoice } from "../text/textSamples";
import { CalibratedLayers } from "./calibratedLayers";
import { playgroundLink } from "./playgroundLink";
import { type PlaygroundHost, PlaygroundSession } from "./playgroundSession";
import { playgroundState, restoredState } from "./playgroundState";

/** The Playground of one checkpoint. What is chosen stays when the page is hidden. */
export class PlaygroundPanel extends MeasuredPanel<PlaygroundSession, CalibratedLayers> {
  private state: PlaygroundState;

  /**
   * @param stored what VS Code kept of the page, or what it is to begin with
   * @param perplexityChoice what the Perplexity page of the checkpoint measures, where one is open
   */
  constructor(
    panel: vscode.WebviewPanel,
    uri: vscode.Uri,
    share: DocumentShare,
    services: Services,
    stored: unknown,
    private readonly perplexityChoice: () => Promise<PerplexityChoice | undefined>,
  ) {
    super(panel, uri, share, services, "playground");
    this.state = restoredState(stored);
  }

  /** What is chosen. */
  get chosen(): PlaygroundState {
    return this.state;
  }

  /** Shows what a link says. @throws UsageError */
  open(state: unknown): void {
    this.state = playgroundState(state);
    this.page.session?.changed();
  }

  protected override contentChanged(): void {
    this.forget();
    this.page.session?.changed();
  }

  protected override start(): PlaygroundSession {
    return new PlaygroundSession(this.share.document, this.host());
  }

  protected override make(content: ReadyContent): CalibratedLayers {
    const { services, uri } = this;
    return new CalibratedLayers(content, {
      engine: () => services.engine.get(),
      samples: (signal) => samplesOfChoice(services, uri, content.opened, { samples: usualGptqChoice.samples }, signal),
      collect: (signal, work) =>
        services.jobs.run({
          title: vscode.l10n.t("Collect Activations"),
          target: content.opened.name,
          uri: uri.toString(),
          signal,
          work,
          describe: ({ calibration, heldOut }) =>
            vscode.l10n.t("{0} tokens", services.numbers.integer(calibration.shape.tokens + heldOut.shape.tokens)),
        }),
      reportFailure: services.reportFailure,
    });
  }

  /** On the text of the page that is open, or else on as much of the sample text as takes seconds; besides what that page has. */
  private async measurePerplexity(types: string[]): Promise<void> {
    const { opened } = await this.share.document.whenReadable();
    const choice = (await this.perplexityChoice()) ?? { samples: quickWindows(opened), types: [], files: [] };
    const wanted = { ...choice, types: [...new Set([...choice.types, ...types])] };
    await vscode.commands.executeCommand("quantscope.measurePerplexity", this.uri, wanted);
  }

  private host(): PlaygroundHost {
    const { services, uri } = this;
    return {
      engine: () => services.engine.get(),
      layers: (content) => (this.current ??= this.make(content)),
      perplexity: services.perplexityResults,
      measurePerplexity: (types) => this.measurePerplexity(types),
      schemes: () => histogramChoices(this.state.scheme),
      page: () => this.pageTexts(),
      state: () => this.state,
      keep: (state) => (this.state = state),
      copyLink: (state, kind) => {
        const isSample = uri.toString() === sampleUri(services.context).toString();
        const link = playgroundLink(kind, vscode.env.uriScheme, state, isSample ? undefined : uri.toString());
        return Promise.resolve(vscode.env.clipboard.writeText(link));
      },
      save: (name, content) => saveFile(outputFolder(services.context, uri), name, content),
      openTensor: async (name) => {
        const { content } = this.share.document;
        const index = content?.kind === "ready" ? content.snapshot.tensors.findIndex((tensor) => tensor.name === name) : -1;
        if (index >= 0) await revealTensor(services, this.share.document, uri, index);
      },
      reportFailure: services.reportFailure,
      post: postTo(this.panel.webview),
    };
  }
}
