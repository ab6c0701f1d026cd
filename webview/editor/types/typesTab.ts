import { html, type TemplateResult } from "lit";
import { customElement, query } from "lit/decorators.js";
import type { TensorRow, TypesReport } from "../../../src/protocol/editor";
import { typeLabel } from "../../charts/typeLabel";
import type { TypesContent } from "../../charts/typesFigure";
import "../../charts/typesView";
import type { TypesView } from "../../charts/typesView";
import { t } from "../../ui/l10n";
import { figureHead } from "../figureHead";
import { emptyState, failedRequest, hasValues, noValues, waitingBar } from "../requestState";
import { StoreElement } from "../storeElement";
import { TypesLoader } from "./typesLoader";
import { typesCsv } from "./typesText";

/** All types on the selected tensor: which one is worth its bits. */
@customElement("qs-types-tab")
export class TypesTab extends StoreElement {
  @query("qs-types-view") private readonly view!: TypesView | null;
  private loader!: TypesLoader;
  private drawn: { key: readonly unknown[]; content: TypesContent; types: readonly string[] } | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.loader ??= new TypesLoader(this.store.host, () => this.requestUpdate());
    this.storeChanged();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.loader.stop();
  }

  protected override storeChanged(): void {
    const { store } = this;
    if (hasValues(store.selectedRow) && !store.failure && store.selected !== undefined) {
      this.loader.want({ tensor: store.selected, revision: store.revision });
    } else this.loader.stop();
    this.requestUpdate();
  }

  override render(): TemplateResult {
    const { store, loader } = this;
    const row = store.selectedRow;
    if (!hasValues(row)) return noValues(row);
    if (loader.failure) return failedRequest(store, t("The types could not be compared"), loader.failure);
    return html`${waitingBar(loader.waiting)}
      <div class="pane" role="group" aria-label=${t("Types")} aria-busy=${loader.waiting ? "true" : "false"}>
        ${loader.report ? this.renderFigure(row, loader.report) : html`<p class="muted">${t("Measuring every type on this tensor.")}</p>`}
      </div>`;
  }

  private renderFigure(row: TensorRow, report: TypesReport): TemplateResult {
    const { store } = this;
    const { asTable } = store.state;
    const { content, types } = this.contentOf(report);
    if (content.points.length === 0) return emptyState(t("There is nothing to compare: no type has an error that is a number here."));
    return html`<figure class="fig">
      ${figureHead(store, {
        title: t("Types: error against size"),
        share: report.share,
        fileName: `${row.name}.types`,
        toPng: () => this.view?.toPng(),
        toCsv: () => typesCsv(report.types),
      })}
      <qs-types-view
        .content=${content}
        .asTable=${asTable}
        @choose=${(event: CustomEvent<number>) => this.choose(types[event.detail])}
      ></qs-types-view>
    </figure>`;
  }

  /** The same object for the same figure, so that it is not drawn again when something else changed. */
  private contentOf(report: TypesReport): { content: TypesContent; types: readonly string[] } {
    const { store } = this;
    const key = [report, store.state.scheme];
    if (this.drawn && this.drawn.key.every((part, index) => part === key[index])) return this.drawn;
    const found = Object.entries(report.types).flatMap(([type, { bitsPerWeight, relativeRmse }]) => {
      const label = store.schemes.find(({ id }) => id === type)?.label ?? type;
      return relativeRmse === null ? [] : [{ type, point: { label: typeLabel(type, label), bitsPerWeight, error: relativeRmse } }];
    });
    const types = found.map(({ type }) => type);
    const chosen = types.indexOf(store.state.scheme);
    const content = {
      points: found.map(({ point }) => point),
      title: t("relative RMSE"),
      chosen: chosen < 0 ? undefined : chosen,
    };
    this.drawn = { key, content, types };
    return this.drawn;
  }

  /** The type becomes the one that the histogram shows. */
  private choose(type: string | undefined): void {
    if (type !== undefined) this.store.setState({ scheme: type });
  }
}
