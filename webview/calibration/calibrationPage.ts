import { html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { calibrationProtocol } from "../../src/protocol/calibration";
import "../charts/linesView";
import { button, textField } from "../ui/controls";
import { count, fixed, missing } from "../ui/format";
import { t } from "../ui/l10n";
import { runBanner } from "../ui/runBanner";
import { segmented } from "../ui/segmented";
import { pageState } from "../ui/pageState";
import { CalibrationElement } from "./calibrationElement";
import { shownFigures } from "./figures";
import "./inputsTable";
import { dynamicGain, dynamicLines, enoughSamples, sweepLines } from "./methodLines";
import "./outlierMap";
import { shortInputName } from "./rows";
import { saveLinesButton } from "./saveLinesButton";
import "./thresholdView";

const offeredBits = [4, 6, 8] as const;

/** The Calibration page: what enters the linear layers of a model, and which range to give it. */
@customElement("qs-calibration")
export class CalibrationPage extends CalibrationElement {
  override render(): TemplateResult {
    const { store } = this;
    const waiting = pageState(store, "calibration-page");
    if (waiting) return waiting;
    return html`<main class="calibration-page">
      ${this.renderHeader()} ${this.renderProgress()} ${this.renderTools()}
      ${store.inputs.length === 0 ? this.renderEmpty() : this.renderSplit()}
    </main>`;
  }

  private renderHeader(): TemplateResult {
    const { store } = this;
    const { name, samples, tokens } = store.text;
    const isBusy = store.run.kind === "running";
    return html`<header class="header">
      <h1>${t("Calibration: {0}", store.name)}</h1>
      <div class="facts-strip">
        ${
          samples === undefined || tokens === undefined
            ? nothing
            : html`<span>${t("{0} samples × {1} tokens", count(samples), count(tokens / Math.max(1, samples)))}</span>`
        }
        <span>${name}</span>
        <span>${t("{0} inputs measured", count(store.inputs.length))}</span>
      </div>
      <span class="grow"></span>
      ${button({
        label: t("Export…"),
        icon: "export",
        disabled: store.inputs.length === 0,
        onClick: () => store.inputs.length > 0 && store.ask(store.host.ask(calibrationProtocol.export)),
      })}
      ${button({
        label: t("Collect Importance Matrix…"),
        className: "wide-only",
        onClick: () => store.ask(store.host.ask(calibrationProtocol.collectImatrix)),
      })}
      ${button({
        label: t("Other Text…"),
        primary: !isBusy,
        onClick: () => store.ask(store.host.ask(calibrationProtocol.chooseText)),
      })}
    </header>`;
  }

  private renderProgress(): TemplateResult | typeof nothing {
    const { store } = this;
    return runBanner(store.run, {
      label: t("Running the model"),
      text: (share) => t("Running the model: {0}", share),
      failed: (message) => t("The calibration failed: {0}", message),
      cancelled: t("Cancelled. The inputs that were measured are shown."),
      goOn: t("Start again"),
      start: () => this.start(),
      cancel: () => store.ask(store.host.ask(calibrationProtocol.cancel)),
    });
  }

  private start(): void {
    this.store.ask(this.store.host.ask(calibrationProtocol.start));
  }

  private renderTools(): TemplateResult {
    const { store } = this;
    const { bits } = store.choice;
    const offered = offeredBits.some((offer) => offer === bits) ? offeredBits : [...offeredBits, bits].sort((a, b) => a - b);
    return html`<div class="page-tools">
      <span class="label" aria-hidden="true">${t("Bits")}</span>
      ${segmented({
        label: t("Bits"),
        value: bits,
        options: offered.map((value) => ({ value, label: String(value) })),
        onSelect: (value) => store.ask(store.host.request(calibrationProtocol.setBits, { bits: value })),
      })}
      <span class="label" aria-hidden="true">${t("Show")}</span>
      ${segmented({
        label: t("Show"),
        value: store.figure.id,
        options: shownFigures.map(({ id, label, unit }) => ({ value: id, label: label(), title: unit() })),
        onSelect: (figure) => store.set({ figure }),
      })}
      <span class="grow"></span>
      ${textField({
        label: t("Filter inputs"),
        value: store.state.filter,
        placeholder: t("Filter inputs"),
        icon: "search",
        className: "calibration-filter",
        onInput: (filter) => store.set({ filter }),
      })}
    </div>`;
  }

  private renderEmpty(): TemplateResult {
    const { run } = this.store;
    if (run.kind === "running") return html`<div class="state"><p>${t("The first layer is being run.")}</p></div>`;
    return html`<div class="state">
      <h2>${t("Nothing is measured yet")}</h2>
      <p>${t("The model is run on a text, and what enters each of its linear layers is measured.")}</p>
      ${run.kind === "none" ? button({ label: t("Run on {0}", this.store.text.name), onClick: () => this.start() }) : nothing}
    </div>`;
  }

  private renderSplit(): TemplateResult {
    const { store } = this;
    const input = store.selected === undefined ? undefined : store.inputs[store.selected];
    return html`<div class="calibration-split">
      <div class="calibration-list"><qs-inputs-table .store=${store}></qs-inputs-table></div>
      <div class="calibration-side" tabindex="0" role="region" aria-label=${t("Figures")}>
        ${input ? html`<h2 class="mono" title=${input.weights.join("\n")}>${Object.values(shortInputName(input)).join("")}</h2>` : nothing}
        <qs-threshold-view .store=${store}></qs-threshold-view>
        ${input ? this.renderSweep() : nothing}
        <qs-outlier-map .store=${store}></qs-outlier-map>
        ${this.renderDynamic()}
      </div>
    </div>`;
  }

  private renderSweep(): TemplateResult {
    const { inputs, selected, methods, state } = this.store;
    const input = inputs[selected!]!;
    const enough = enoughSamples(input, methods);
    const text =
      enough === undefined
        ? t("More samples may still change the ranges: the error moves by more than 1 % until the last.")
        : t("{0} samples are enough for this input: from there on no method's error moves by more than 1 %.", count(enough));
    return html`<section class="fig" aria-label=${t("How much data is enough")}>
      <div class="fig-head">
        <h3>${t("How much data is enough")}</h3>
        <span class="grow"></span>
        ${saveLinesButton(this.store, t("How much data is enough"), "samples", input)}
      </div>
      <qs-lines-view .content=${sweepLines(input, methods)} .asTable=${state.asTable} .summary=${text}></qs-lines-view>
      <p class="xs muted">${text}</p>
    </section>`;
  }

  private renderDynamic(): TemplateResult {
    const { inputs, methods, state } = this.store;
    const { better, most } = dynamicGain(inputs, methods);
    const where = most ? Object.values(shortInputName(most.input)).join("") : missing;
    const text = t(
      "A range of its own for each token is better than the best range for all in {0} of {1} inputs; most in {2}, by {3} dB.",
      count(better),
      count(inputs.length),
      where,
      fixed(most?.gain, 1),
    );
    return html`<section class="fig" aria-label=${t("Static against dynamic")}>
      <div class="fig-head">
        <h3>${t("Static against dynamic")}</h3>
        <span class="grow"></span>
        ${saveLinesButton(this.store, t("Static against dynamic"), "dynamic")}
      </div>
      <qs-lines-view .content=${dynamicLines(inputs, methods)} .asTable=${state.asTable} .summary=${text}></qs-lines-view>
      <p class="xs muted">${text}</p>
    </section>`;
  }
}
