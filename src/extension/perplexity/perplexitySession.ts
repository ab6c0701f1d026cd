import { mostTokensOfPage, perplexityProtocol, type PerplexityPicture } from "../../protocol/perplexity";
import type { CheckpointDocument } from "../document/checkpointDocument";
import { type PageHost, PageSession } from "../editor/pageSession";
import { integer, text } from "../editor/params";
import { copyWith, saveWith } from "../editor/savedContent";
import { DisposableStore } from "../emitter";
import type { PerplexityTable } from "./perplexityTable";

/** What the Perplexity page can ask of the window around it. */
export interface PerplexityPageHost extends PageHost {
  /** The table of the document's content; undefined while there is none to measure. */
  table(): PerplexityTable | undefined;
  page(): { locale: string; strings: Record<string, string> };
  chooseText(table: PerplexityTable): Promise<void>;
  chooseTypes(table: PerplexityTable): Promise<void>;
  exportTable(table: PerplexityTable): Promise<void>;
  copy(text: string): Promise<void>;
  save(name: string, content: Uint8Array): Promise<boolean>;
}

/** Characters of a row's name: of a URI. */
const rowCharacters = 4096;

/** One Perplexity page's conversation with the table behind it. */
export class PerplexitySession extends PageSession {
  /** What keeps the picture up to date. */
  private readonly events = this.store.add(new DisposableStore());

  constructor(
    private readonly document: CheckpointDocument,
    private readonly host: PerplexityPageHost,
  ) {
    super(host);
    const p = perplexityProtocol;
    this.answer(p.initialize, async () => {
      await document.whenRead();
      return this.picture();
    });
    this.answer(p.chooseText, () => this.withTable((table) => host.chooseText(table)));
    this.answer(p.chooseTypes, () => this.withTable((table) => host.chooseTypes(table)));
    this.answer(p.measure, () => host.table()?.measure());
    this.answer(p.cancel, () => host.table()?.cancel());
    this.answer(p.tokens, async (params) => {
      const start = integer(params, "start", 0, Number.MAX_SAFE_INTEGER);
      const count = integer(params, "count", 1, mostTokensOfPage);
      return (await host.table()?.tokens(text(params, "row", rowCharacters), start, count)) ?? null;
    });
    this.answer(p.worst, async (params) => (await host.table()?.worst(text(params, "row", rowCharacters))) ?? []);
    this.answer(p.export, () => this.withTable((table) => host.exportTable(table)));
    this.answer(p.copy, copyWith(host));
    this.answer(p.save, saveWith(host));
    this.connection.listen();
  }

  /** Shows the table of a new content. */
  tableChanged(): void {
    const picture = this.picture();
    this.notify(() => this.connection.sendNotification(perplexityProtocol.changed, picture));
  }

  private async withTable(work: (table: PerplexityTable) => Promise<void>): Promise<void> {
    const table = this.host.table();
    if (table) await work(table);
  }

  /** Everything the page shows, as of now; from here on it is told of what changes. */
  private picture(): PerplexityPicture {
    this.events.clear();
    const { content } = this.document;
    if (content?.kind === "failed") return { kind: "failed", diagnostic: content.diagnostic, ...this.host.page() };
    const table = this.host.table();
    if (!table) throw new Error("The document is closed.");
    this.events.add(table.onDidMeasure((state) => this.notify(() => this.connection.sendNotification(perplexityProtocol.state, state))));
    this.events.add(table.onDidChoose(() => this.tableChanged()));
    const { name, uri } = this.document;
    return { kind: "ready", name, uri, choice: table.choice, ...table.now, ...this.host.page() };
  }
}
