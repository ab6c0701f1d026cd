import { errorsProtocol, type ErrorsPicture } from "../../protocol/errors";
import type { SchemeChoice } from "../../protocol/editor";
import type { CheckpointDocument } from "../document/checkpointDocument";
import { DisposableStore } from "../emitter";
import { integer, optionalIndices, optionalText, record, text } from "../editor/params";
import { type PageHost, PageSession } from "../editor/pageSession";
import { copyWith, saveWith } from "../editor/savedContent";
import type { ErrorTable } from "./errorTable";

/** What the Errors page can ask of the window around it. */
export interface ErrorsHost extends PageHost {
  /** The table of the document's content; undefined while there is none to measure. */
  table(): ErrorTable | undefined;
  schemes(): SchemeChoice[];
  page(): { locale: string; strings: Record<string, string> };
  chooseTypes(table: ErrorTable): Promise<void>;
  chooseImportance(table: ErrorTable, remove: boolean): Promise<void>;
  exportTable(table: ErrorTable): Promise<void>;
  copy(text: string): Promise<void>;
  save(name: string, content: Uint8Array): Promise<boolean>;
  openTensor(index: number): Promise<void>;
  quantize(type: string | undefined, keep: readonly string[]): Promise<void>;
}

/** One Errors page's conversation with the table behind it. */
export class ErrorsSession extends PageSession {
  /** What keeps the picture up to date. */
  private readonly events = this.store.add(new DisposableStore());

  constructor(
    private readonly document: CheckpointDocument,
    private readonly host: ErrorsHost,
  ) {
    super(host);
    const p = errorsProtocol;
    this.answer(p.initialize, async () => {
      await document.whenRead();
      const picture = this.picture();
      host.table()?.measure();
      return picture;
    });
    this.answer(p.chooseTypes, () => this.withTable((table) => host.chooseTypes(table)));
    this.answer(p.chooseImportance, (params) => this.withTable((table) => host.chooseImportance(table, params["remove"] === true)));
    this.answer(p.measure, () => host.table()?.measure());
    this.answer(p.cancel, () => host.table()?.cancel());
    this.answer(p.exclusions, (params) => host.table()?.exclusions(text(params, "type", 64)) ?? null);
    this.answer(p.export, () => this.withTable((table) => host.exportTable(table)));
    this.answer(p.copy, copyWith(host));
    this.answer(p.save, saveWith(host));
    this.answer(p.openTensor, (params) =>
      this.withTable((table) => host.openTensor(table.tensors[integer(params, "tensor", 0, table.tensors.length - 1)]!.index)),
    );
    this.answer(p.quantize, (params) =>
      this.withTable((table) => {
        const keep = optionalIndices(record(params), "keep", table.tensors.length) ?? [];
        return host.quantize(
          optionalText(params, "type", 64),
          keep.map((place) => table.tensors[place]!.name),
        );
      }),
    );
    this.connection.listen();
  }

  /** Shows the table of a new content. */
  tableChanged(): void {
    const picture = this.picture();
    this.notify(() => this.connection.sendNotification(errorsProtocol.changed, picture));
  }

  private async withTable(work: (table: ErrorTable) => Promise<void>): Promise<void> {
    const table = this.host.table();
    if (table) await work(table);
  }

  /** Everything the page shows, as of now; from here on it is told of what changes. */
  private picture(): ErrorsPicture {
    this.events.clear();
    const { content } = this.document;
    const table = this.host.table();
    if (content?.kind === "failed") return { kind: "failed", diagnostic: content.diagnostic, ...this.host.page() };
    if (!table) throw new Error("The document is closed.");
    this.events.add(table.onDidMeasure((batch) => this.notify(() => this.connection.sendNotification(errorsProtocol.figures, batch))));
    this.events.add(table.onDidChangeRun((run) => this.notify(() => this.connection.sendNotification(errorsProtocol.run, run))));
    this.events.add(table.onDidChange(() => this.tableChanged()));
    return {
      kind: "ready",
      name: this.document.name,
      uri: this.document.uri,
      tensors: [...table.tensors],
      types: table.types,
      ...(table.importance ? { importance: table.importance.name } : {}),
      run: table.run,
      schemes: this.host.schemes(),
      ...this.host.page(),
    };
  }
}
