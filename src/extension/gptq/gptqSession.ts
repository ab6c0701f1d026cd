import { limits } from "../../core/limits";
import { gptqProtocol, type GptqPicture } from "../../protocol/gptq";
import type { CheckpointDocument } from "../document/checkpointDocument";
import { integer } from "../editor/params";
import { invalid, type PageHost, PageSession } from "../editor/pageSession";
import { saveWith } from "../editor/savedContent";
import { DisposableStore } from "../emitter";
import { settingsOf } from "./gptqChoice";
import type { GptqExplorer } from "./gptqExplorer";

/** What the GPTQ page can ask of the window around it. */
export interface GptqPageHost extends PageHost {
  /** The explorer of the document's content; undefined while there is none. */
  explorer(): GptqExplorer | undefined;
  page(): { locale: string; strings: Record<string, string> };
  chooseText(explorer: GptqExplorer): Promise<void>;
  openTensor(name: string): Promise<void>;
  save(name: string, content: Uint8Array): Promise<boolean>;
}

/** One GPTQ page's conversation with the explorer behind it. */
export class GptqSession extends PageSession {
  /** What keeps the picture up to date. */
  private readonly events = this.store.add(new DisposableStore());

  constructor(
    private readonly document: CheckpointDocument,
    private readonly host: GptqPageHost,
  ) {
    super(host);
    const p = gptqProtocol;
    this.answer(p.initialize, async () => {
      await document.whenRead();
      return this.picture();
    });
    this.answer(p.start, () => host.explorer()?.start());
    this.answer(p.cancel, () => host.explorer()?.cancel());
    this.answer(p.chooseText, () => host.chooseText(this.explorer()));
    this.answer(p.setLayer, (params) => host.explorer()?.setLayer(integer(params, "layer", 0, limits.tensors)));
    this.answer(p.setSettings, (params) => {
      host.explorer()?.setSettings(settingsOf(params) ?? invalid("settings must be those that are offered"));
    });
    this.answer(p.openTensor, async () => {
      const { layers, layer } = this.explorer();
      const shown = layers[layer];
      if (shown) await host.openTensor(shown.tensor);
    });
    this.answer(p.save, saveWith(host));
    this.connection.listen();
  }

  /** Shows everything again: the content or the choice is another. */
  async changed(): Promise<void> {
    const picture = await this.picture();
    this.notify(() => this.connection.sendNotification(gptqProtocol.changed, picture));
  }

  private explorer(): GptqExplorer {
    const explorer = this.host.explorer();
    if (!explorer) throw new Error("The checkpoint cannot be read.");
    return explorer;
  }

  /** Everything the page shows, as of now; from here on it is told of what changes. */
  private async picture(): Promise<GptqPicture> {
    const { content } = this.document;
    if (content?.kind === "failed") {
      this.events.clear();
      return { kind: "failed", diagnostic: content.diagnostic, ...this.host.page() };
    }
    const explorer = this.explorer();
    await explorer.describe();
    this.events.clear();
    const p = gptqProtocol;
    const changed = (): void => void this.changed().catch((error: unknown) => this.host.reportFailure(error));
    this.events.add(explorer.onDidMeasure((figures) => this.notify(() => this.connection.sendNotification(p.figures, figures))));
    this.events.add(explorer.onDidChangeRun((run) => this.notify(() => this.connection.sendNotification(p.run, run))));
    this.events.add(explorer.onDidChange(changed));
    const { choice, layers, layer, text, figures, run } = explorer;
    const { name, uri } = this.document;
    return { kind: "ready", name, uri, choice, layers, layer, text, figures, run, ...this.host.page() };
  }
}
