import type { PageHost } from "../../../src/extension/editor/pageSession";
import { schemeChoices } from "../../../src/extension/editor/schemeChoices";
import { ErrorTable } from "../../../src/extension/errors/errorTable";
import { ErrorsSession } from "../../../src/extension/errors/errorsSession";
import { DocumentPageHost } from "./documentPageHost";

/** The real thing behind an Errors page, its table included. */
export class ErrorsSessionHost extends DocumentPageHost<ErrorsSession> {
  readonly opened: number[] = [];
  readonly quantized: { type: string | undefined; keep: readonly string[] }[] = [];
  private table: ErrorTable | undefined;

  /** @param file path of the checkpoint */
  constructor(
    file: string,
    private readonly types?: readonly string[],
  ) {
    super(file);
  }

  protected override connect(page: PageHost): ErrorsSession {
    return new ErrorsSession(this.document, {
      ...page,
      table: () => (this.table ??= this.makeTable()),
      schemes: schemeChoices,
      page: () => ({ locale: "en", strings: {} }),
      chooseTypes: () => Promise.resolve(),
      chooseImportance: () => Promise.resolve(),
      exportTable: () => Promise.resolve(),
      copy: () => Promise.resolve(),
      save: (name, content) => this.save(name, content),
      openTensor: (index) => Promise.resolve(void this.opened.push(index)),
      quantize: (type, keep) => Promise.resolve(void this.quantized.push({ type, keep })),
    });
  }

  protected override forget(): void {
    this.table?.dispose();
  }

  private makeTable(): ErrorTable | undefined {
    const { content } = this.document;
    if (content?.kind !== "ready") return undefined;
    return new ErrorTable(
      content.checkpoint,
      {
        ...this.measuring,
        uri: this.document.uri,
        text: {
          measure: "Errors",
          measured: (types) => `${types} types`,
          needsImportance: (type) => `${type} needs an importance matrix.`,
        },
      },
      this.types,
    );
  }
}
