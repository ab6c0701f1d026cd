import { html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { estimateProtocol } from "../../src/protocol/estimate";
import { announce } from "../ui/announcer";
import { button, textField } from "../ui/controls";
import { count } from "../ui/format";
import { icon } from "../ui/icons";
import { t } from "../ui/l10n";
import "../ui/menu";
import type { MenuItem } from "../ui/menu";
import { answerTiles } from "./answerTiles";
import { barsPicture } from "./barsPicture";
import { deviceName, gibText } from "./deviceText";
import { EstimateElement } from "./estimateElement";
import "./estimateTable";
import { formulas } from "./formulas";
import "./numberField";
import "./questions";
import { hatching } from "./parts";
import type { ReadyAnswer } from "./store";

/** The Size Estimator: does a model fit, and what takes the room. */
@customElement("qs-estimate")
export class EstimatePage extends EstimateElement {
  override render(): TemplateResult {
    const { store } = this;
    if (store.failure !== undefined) {
      return html`<main class="estimate-page">
        <div class="state" role="alert"><p>${store.failure}</p></div>
      </main>`;
    }
    if (!store.choice || !store.answer) {
      return html`<main class="loading" aria-busy="true">
        <div class="bar"><i></i></div>
      </main>`;
    }
    const { ready, row } = store;
    return html`<main class="estimate-page">
      ${hatching()} ${this.renderHeader(ready)}
      <div class="estimate-inputs">
        <qs-estimate-questions .store=${store}></qs-estimate-questions>
        ${ready && row ? answerTiles(row, ready) : nothing}
      </div>
      ${store.problem === undefined ? nothing : html`<p class="banner" role="alert">${icon("error")} ${store.problem}</p>`}
      ${store.answer.kind === "hint" ? html`<p class="banner" role="status">${icon("info")} ${store.answer.message}</p>` : nothing}
      ${ready ? this.renderTools(ready) : nothing}
      <qs-estimate-table .store=${store}></qs-estimate-table>
      ${ready && row ? this.renderFoot(ready) : nothing}
    </main>`;
  }

  private renderHeader(ready: ReadyAnswer | undefined): TemplateResult {
    const { store } = this;
    const types = (): string[] => store.rows.map(({ type }) => type);
    const { copyMarkdown, export: exportTable } = estimateProtocol;
    return html`<header class="header">
      <h1>${t("Size Estimator")}</h1>
      <span class="grow"></span>
      ${button({
        label: t("Copy as Markdown"),
        icon: "copy",
        disabled: !ready,
        onClick: () => ready && store.ask(store.host.request(copyMarkdown, { types: types() }), t("Copied")),
      })}
      ${
        ready
          ? html`<qs-menu
              icon="export"
              .label=${t("Export…")}
              .items=${() => [
                {
                  label: t("Table as CSV or Markdown…"),
                  run: () => store.ask(store.host.request(exportTable, { types: types() }), t("Saved.")),
                },
                { label: t("Chart as PNG…"), run: () => this.savePicture(ready) },
              ]}
            ></qs-menu>`
          : nothing
      }
    </header>`;
  }

  private savePicture(ready: ReadyAnswer): void {
    const { store } = this;
    const { isAssumed, shapesOf, parameters, context, sequences } = ready;
    const model = isAssumed ? t("{0} weights", count(parameters)) : shapesOf;
    const title = `${model} · ${t("KV cache, {0} tokens", count(context * sequences))} (${store.choice?.kvType ?? ""})`;
    const dataUrl = barsPicture(store.rows, ready, title);
    if (dataUrl === undefined) announce(t("No format matches “{0}”.", store.state.filter));
    else store.ask(store.host.request(estimateProtocol.save, { name: "estimate.png", dataUrl }), t("Saved."));
  }

  private renderTools(ready: ReadyAnswer): TemplateResult {
    const { store } = this;
    const { rows } = store;
    return html`<div class="page-tools">
      ${textField({
        label: t("Filter formats"),
        placeholder: t("Filter formats"),
        icon: "search",
        value: store.state.filter,
        className: "format-filter",
        onInput: (filter) => store.set({ filter }),
      })}
      <span class="xs muted" role="status">
        ${
          rows.length === ready.rows.length
            ? t("{0} formats", count(rows.length))
            : t("{0} of {1} formats", count(rows.length), count(ready.rows.length))
        }
      </span>
      <span class="field"
        ><span class="label">${t("Devices")}</span
        ><qs-menu .label=${t("Choose devices")} .icon=${"chevronDown"} .items=${() => this.deviceItems()}></qs-menu
      ></span>
      <span class="field">
        <span class="label" aria-hidden="true">${t("Own, GiB")}</span>
        <qs-number-field
          optional
          .label=${t("GiB of a device of your own")}
          .value=${store.choice?.customGib}
          .most=${1e6}
          @number=${(event: CustomEvent<number | undefined>) => store.change({ customGib: event.detail })}
        ></qs-number-field>
      </span>
      <span class="grow"></span>
      <span class="key"><i class="w"></i>${t("codes")}</span>
      <span class="key"><i class="sc"></i>${t("scales")}</span>
      <span class="key"><i class="pl"></i>${t("not quantized")}</span>
      <span class="key"><i class="kv"></i>${t("KV cache, {0} tokens", count(ready.context * ready.sequences))}</span>
      <span class="key"><i class="wm"></i>${t("working memory")}</span>
    </div>`;
  }

  private deviceItems(): MenuItem[] {
    const { store } = this;
    const chosen = store.choice?.devices ?? [];
    return store.devices.map((device) => {
      const isChosen = chosen.includes(device.id);
      return {
        label: deviceName(device),
        detail: t("{0} of {1} GiB", gibText(device.usableGib), gibText(device.gib)),
        checked: isChosen,
        run: () => store.change({ devices: isChosen ? chosen.filter((id) => id !== device.id) : [...chosen, device.id] }),
      };
    });
  }

  private renderFoot(ready: ReadyAnswer): TemplateResult {
    const { row } = this.store;
    return html`<footer class="estimate-foot">
      ${row ? formulas(row, ready) : nothing}
      <p class="xs muted">
        ${t("1 GB = 10⁹ bytes, 1 GiB = 2³⁰ bytes.")}
        ${
          ready.isAssumed
            ? t("≈ in the proportions of {0}: of a checkpoint or a config.json the bytes are exact.", ready.shapesOf)
            : t("Bytes of the weights are exact; a file's header comes on top.")
        }
      </p>
    </footer>`;
  }
}
