import { html, nothing, type TemplateResult } from "lit";
import { customElement, query } from "lit/decorators.js";
import { editorProtocol, type TensorRow, type TypesReport } from "../../../src/protocol/editor";
import { typeLabel } from "../../charts/typeLabel";
import type { TypesContent } from "../../charts/typesFigure";
import "../../charts/typesView";
import type { TypesView } from "../../charts/typesView";
import { announce } from "../../ui/announcer";
import { percent } from "../../ui/format";
import { icon } from "../../ui/icons";
import { t } from "../../ui/l10n";
import "../../ui/menu";
import { emptyState, failedRequest, waitingBar } from "../requestState";
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
    const { store, row } = this;
    if (row?.decodable && row.parameters > 0 && !store.failure && store.selected !== undefined) {
      this.loader.want({ tensor: store.selected, revision: store.revision });
    } else this.loader.stop();
    this.requestUpdate();
  }

  private get row(): TensorRow | undefined {
    const { selected, snapshot } = this.store;
    return selected === undefined ? undefined : snapshot?.tensors[selected];
  }

  override render(): TemplateResult {
    const { store, row, loader } = this;
    if (!row) return emptyState(t("Select a tensor to see its values."));
    if (row.parameters === 0) return emptyState(t("This tensor holds no values."));
    if (!row.decodable) return emptyState(t("Values of {0} are not yet decoded; names, shapes and sizes are exact.", row.dtype));
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
    return html`<figure class="fig">
      <figcaption class="fig-head">
        <h3>${t("Types: error against size")}</h3>
        ${report.share < 1 ? html`<span class="pill">${t("sampled {0}", percent(report.share))}</span>` : nothing}
        <span class="grow"></span>
        <button
          type="button"
          class="icon-btn"
          aria-label=${t("Show as table")}
          title=${t("Show as table")}
          aria-pressed=${asTable ? "true" : "false"}
          @click=${() => store.setState({ asTable: !asTable })}
        >
          ${icon("table")}
        </button>
        <qs-menu
          icon="export"
          .label=${t("Export figure")}
          .items=${() => [
            ...(asTable ? [] : [{ label: t("Save as PNG…"), run: () => this.savePng(row) }]),
            { label: t("Save as CSV…"), run: () => this.save(`${row.name}.types.csv`, { text: typesCsv(report.types) }) },
            { label: t("Copy as CSV"), run: () => store.copy(typesCsv(report.types)) },
          ]}
        ></qs-menu>
      </figcaption>
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

  private savePng(row: TensorRow): void {
    const dataUrl = this.view?.toPng();
    if (dataUrl !== undefined) this.save(`${row.name}.types.png`, { dataUrl });
  }

  private save(name: string, content: { text: string } | { dataUrl: string }): void {
    const work = this.store.host.request(editorProtocol.save, { name, ...content });
    this.store.run(work.then((saved) => saved && announce(t("Saved."))));
  }
}
