import { html, type nothing, type TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { errorsProtocol } from "../../src/protocol/errors";
import "../charts/typesView";
import { typeLabel } from "../charts/typeLabel";
import type { TypesContent } from "../charts/typesFigure";
import type { TypesView } from "../charts/typesView";
import { button, textField } from "../ui/controls";
import { count, percent } from "../ui/format";
import { t } from "../ui/l10n";
import { runBanner } from "../ui/runBanner";
import { savePngButton } from "../ui/savePngButton";
import { segmented } from "../ui/segmented";
import { tableToggle } from "../ui/tableToggle";
import { pageState } from "../ui/pageState";
import { ErrorsElement } from "./errorsElement";
import "./errorsTable";
import "./exclusionsView";
import "./heatMap";
import { figureOf, findMeasure, offeredMeasures } from "./measures";

/** The Errors page: which type matters, and which tensor. */
@customElement("qs-errors")
export class ErrorsPage extends ErrorsElement {
  @query("qs-types-view") private readonly typesView!: TypesView | null;
  @state() private asTable = false;

  override render(): TemplateResult {
    const { store } = this;
    const waiting = pageState(store, "errors-page");
    if (waiting) return waiting;
    return html`<main class="errors-page">
      ${this.renderHeader()} ${this.renderProgress()} ${this.renderTools()}
      ${
        store.tensors.length === 0
          ? html`<div class="state">
              <h2>${t("No weight matrices")}</h2>
              <p>${t("This checkpoint has no matrices whose values can be read.")}</p>
            </div>`
          : html`<div class="errors-split">
              <div class="errors-list"><qs-errors-table .store=${store}></qs-errors-table></div>
              <div class="errors-side">
                <qs-errors-heat .store=${store}></qs-errors-heat>
                ${this.renderTypes()}
                <qs-exclusions .store=${store}></qs-exclusions>
              </div>
            </div>`
      }
    </main>`;
  }

  private renderHeader(): TemplateResult {
    const { store } = this;
    return html`<header class="header">
      <h1>${t("Errors: {0}", store.name)}</h1>
      <div class="facts-strip">
        <span>${t("{0} tensors × {1} types", count(store.tensors.length), count(store.types.length))}</span>
        <span>${this.basisText()}</span>
        <span>${store.importance === undefined ? t("not weighted") : t("weighted by {0}", store.importance)}</span>
      </div>
      <span class="grow"></span>
      ${button({ label: t("Export…"), icon: "export", onClick: () => store.ask(store.host.ask(errorsProtocol.export)) })}
      ${button({ label: t("Quantize…"), primary: true, onClick: () => store.ask(store.host.request(errorsProtocol.quantize, { type: store.type?.type })) })}
    </header>`;
  }

  private basisText(): string {
    const { run, types } = this.store;
    if (types.some(({ isSampled }) => isSampled)) {
      return run.kind === "running" && run.share !== undefined ? t("sampled {0}", percent(run.share)) : t("sampled");
    }
    return types.every(({ total, reason }) => total !== null || reason !== undefined) ? t("all values, exact") : t("being measured");
  }

  private renderProgress(): TemplateResult | typeof nothing {
    const { store } = this;
    return runBanner(store.run, {
      label: t("Measuring errors"),
      start: () => store.ask(store.host.ask(errorsProtocol.measure)),
      cancel: () => store.ask(store.host.ask(errorsProtocol.cancel)),
    });
  }

  private renderTools(): TemplateResult {
    const { store } = this;
    return html`<div class="page-tools">
      <span class="label" aria-hidden="true">${t("Measure")}</span>
      ${segmented({
        label: t("Measure"),
        value: store.measure.id,
        options: offeredMeasures(store.importance !== undefined).map((measure) => ({ value: measure.id, label: measure.label() })),
        onSelect: (measure) => store.set({ measure }),
      })}
      ${button({
        label: t("Types: {0} of {1}", count(store.types.length), count(store.schemes.length)),
        onClick: () => store.ask(store.host.ask(errorsProtocol.chooseTypes)),
      })}
      ${
        store.importance === undefined
          ? button({
              label: t("Weigh by imatrix…"),
              onClick: () => store.ask(store.host.request(errorsProtocol.chooseImportance, { remove: false })),
            })
          : button({
              label: t("Without imatrix"),
              onClick: () => store.ask(store.host.request(errorsProtocol.chooseImportance, { remove: true })),
            })
      }
      <span class="grow"></span>
      ${textField({
        label: t("Filter tensors"),
        value: store.state.filter,
        placeholder: t("Filter tensors"),
        icon: "search",
        className: "errors-filter",
        onInput: (filter) => store.set({ filter }),
      })}
    </div>`;
  }

  private renderTypes(): TemplateResult {
    const { store } = this;
    const { selected } = store;
    const one = store.state.chartsSelected && selected !== undefined;
    const content = this.typesContent(one ? selected : undefined);
    return html`<section class="fig" aria-label=${t("Types: error against size")}>
      <div class="fig-head">
        <h2>${t("Types: error against size")}</h2>
        <span class="grow"></span>
        ${segmented({
          label: t("Of"),
          value: one ? "selected" : "all",
          options: [
            { value: "all", label: t("All tensors") },
            {
              value: "selected",
              label: t("Selected"),
              title: selected === undefined ? t("Select a tensor first") : store.tensors[selected]!.name,
            },
          ],
          onSelect: (value) => store.set({ chartsSelected: value === "selected" }),
        })}
        ${tableToggle(this.asTable, (asTable) => (this.asTable = asTable))}
        ${savePngButton(store, {
          name: `${store.name}.types.png`,
          draw: () => this.typesView?.toPng(),
          asTable: this.asTable,
          save: (file) => store.host.request(errorsProtocol.save, file),
        })}
      </div>
      <qs-types-view
        .content=${content.content}
        .asTable=${this.asTable}
        @choose=${(event: CustomEvent<number>) => store.set({ type: content.types[event.detail]! })}
      ></qs-types-view>
    </section>`;
  }

  /** The points that there are, of one tensor or of all pooled. The axis is a damage: relative error, whatever the table shows. */
  private typesContent(tensor: number | undefined): { content: TypesContent; types: string[] } {
    const { store } = this;
    const measure = findMeasure(store.importance === undefined ? "relativeRmse" : "weightedRelativeRmse", store.importance !== undefined);
    const found = store.types.flatMap((entry) => {
      const figures = tensor === undefined ? entry.total : entry.tensors[tensor];
      const error = figureOf(figures, measure);
      return figures && error !== null
        ? [{ type: entry.type, point: { label: typeLabel(entry.type, entry.label), bitsPerWeight: figures.bitsPerWeight, error } }]
        : [];
    });
    const chosen = found.findIndex(({ type }) => type === store.type?.type);
    return {
      types: found.map(({ type }) => type),
      content: {
        points: found.map(({ point }) => point),
        title: store.importance === undefined ? t("relative RMSE") : t("weighted relative RMSE"),
        chosen: chosen < 0 ? undefined : chosen,
      },
    };
  }
}
