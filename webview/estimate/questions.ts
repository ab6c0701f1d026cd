import { html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import type { EstimateChoice, EstimateSource } from "../../src/protocol/estimate";
import { button, dropdown, textField } from "../ui/controls";
import { compact, count } from "../ui/format";
import { t } from "../ui/l10n";
import { segmented } from "../ui/segmented";
import { styles } from "../ui/styles";
import { EstimateElement } from "./estimateElement";
import { sizeWord, sliderRange, withSize } from "./modelSize";
import { nothingCached, unknownCache } from "./formulas";
import "./numberField";
import type { ReadyAnswer } from "./store";

/** Sizes below the slider. */
const ticks = [0.1e9, 1e9, 7e9, 70e9, 405e9, 1e12];

const placeOf = (parameters: number): number => (Math.log10(parameters) - sliderRange.low) / (sliderRange.high - sliderRange.low);

/** The model, and how it is used. */
@customElement("qs-estimate-questions")
export class EstimateQuestions extends EstimateElement {
  override render(): TemplateResult | typeof nothing {
    const { choice } = this.store;
    if (!choice) return nothing;
    return html`<section aria-label=${t("Model")}>
        <h2>${t("Model")}</h2>
        <div class="row gap-3 model-row">
          ${choice.source === "size" ? this.renderLine(choice) : this.renderFile(choice.source)}
          ${segmented<EstimateSource>({
            label: t("Source"),
            value: choice.source,
            options: [
              { value: "size", label: t("Size") },
              { value: "checkpoint", label: t("Checkpoint") },
              { value: "config", label: "config.json" },
            ],
            onSelect: (source) => this.store.turnTo(source),
          })}
        </div>
        ${choice.source === "size" ? this.renderSlider(choice) : nothing} ${this.renderCount()}
      </section>
      <section aria-label=${t("Use")}>
        <h2>${t("Use")}</h2>
        ${this.renderUse(choice)}
        <p class="xs muted">${this.assumption()}</p>
      </section>`;
  }

  private renderLine({ line }: EstimateChoice): TemplateResult {
    return textField({
      label: t("Model size, types and context"),
      value: line,
      placeholder: "70b q4_k_m 8k",
      className: "model-line",
      onInput: (text) => this.store.change({ line: text.slice(0, 200) }, true),
    });
  }

  private renderFile(source: "checkpoint" | "config"): TemplateResult {
    const name = this.store.names[source] ?? "";
    return html`<span class="model-file mono" title=${name}>${name}</span>
      ${button({ label: t("Choose…"), onClick: () => this.store.turnTo(source, true) })}`;
  }

  private renderSlider({ line }: EstimateChoice): TemplateResult {
    const { low, high, step } = sliderRange;
    const parameters = this.store.ready?.parameters ?? 7e9;
    const place = Math.min(high, Math.max(low, Math.log10(parameters)));
    return html`<input
        type="range"
        class="size-slider"
        aria-label=${t("Weights")}
        aria-valuetext=${t("{0} weights", compact(parameters))}
        min=${low}
        max=${high}
        step=${step}
        .value=${String(place)}
        @input=${(event: Event) => this.store.change({ line: withSize(line, 10 ** Number((event.target as HTMLInputElement).value), this.store.ready?.modelWords ?? []) })}
      />
      <div class="ticks" aria-hidden="true">
        ${ticks.map((size) => html`<span ${styles({ left: `${100 * placeOf(size)}%` })}>${size < 1e9 ? "0.1B" : sizeWord(size)}</span>`)}
      </div>`;
  }

  private renderCount(): TemplateResult | typeof nothing {
    const { ready } = this.store;
    if (!ready) return nothing;
    const { parameters, uncounted, trainedContext } = ready;
    const facts = [
      t("{0} weights", count(parameters)),
      ...(trainedContext === undefined ? [] : [t("trained for {0} tokens", count(trainedContext))]),
      ...(uncounted.length > 0 ? [t("not counted: {0}", uncounted.join(", "))] : []),
    ];
    return html`<p class="xs muted model-facts">${facts.join(" · ")}</p>`;
  }

  private renderUse(choice: EstimateChoice): TemplateResult {
    const { store } = this;
    const number = (name: "context" | "sequences", label: string, most: number) =>
      html`<span class="label" aria-hidden="true">${label}</span>
        <qs-number-field
          whole
          .label=${label}
          .value=${choice[name]}
          .most=${most}
          @number=${(event: CustomEvent<number>) => store.change({ [name]: event.detail })}
        ></qs-number-field>`;
    return html`<div class="use-form">
      ${number("context", t("Context"), 1e9)} ${number("sequences", t("Sequences"), 65_536)}
      <span class="label" aria-hidden="true">${t("KV cache")}</span>
      ${dropdown({
        label: t("Type of the KV cache"),
        value: choice.kvType,
        options: store.kvTypes.map((type) => ({ value: type, label: type })),
        onChange: (kvType) => store.change({ kvType }),
      })}
      ${
        choice.source === "size"
          ? html`<span class="label" aria-hidden="true">${t("Shape")}</span> ${dropdown({
                label: t("Shape as that of"),
                value: choice.shape ?? "",
                options: [{ value: "", label: t("nearest in size") }, ...store.shapes.map((name) => ({ value: name, label: name }))],
                onChange: (shape) => store.change({ shape: shape === "" ? undefined : shape }),
              })}`
          : nothing
      }
    </div>`;
  }

  /** What is assumed of the model, or read. */
  private assumption(): string {
    const { ready } = this.store;
    if (!ready) return "";
    const { isAssumed, shapesOf, cache } = ready;
    if (!cache) return unknownCache(ready.cacheUnknown);
    if (cache.shape.groups.length === 0 && !cache.shape.state) return nothingCached();
    const kind = attentionKind(cache);
    return isAssumed
      ? t(
          "Assumed: layers and attention of {0}, {1}. Name a model, or choose a checkpoint or a config.json, and they are its own.",
          shapesOf,
          kind,
        )
      : this.store.choice?.source === "size"
        ? t("As published: {0}.", kind)
        : t("Read, not assumed: {0}.", kind);
  }
}

/** What is cached, in a few words. */
function attentionKind({ shape }: NonNullable<ReadyAnswer["cache"]>): string {
  const { groups, state } = shape;
  return [
    ...(groups.length > 0 ? [keysAndValues(shape)] : []),
    ...(state ? [t("{0} layers with a state of fixed size", count(state.layers))] : []),
  ].join(", ");
}

function keysAndValues({ kind, groups }: NonNullable<ReadyAnswer["cache"]>["shape"]): string {
  const layers = groups.reduce((sum, group) => sum + group.layers, 0);
  if (kind === "latent") return t("{0} layers with latent attention", count(layers));
  const windowed = groups.filter(({ window }) => window !== undefined);
  if (windowed.length > 0) {
    const limited = windowed.reduce((sum, group) => sum + group.layers, 0);
    const window = Math.max(...windowed.map((group) => group.window!));
    return t("{0} of {1} layers with a sliding window of {2} tokens", count(limited), count(layers), count(window));
  }
  const [first] = groups;
  if (groups.length !== 1 || !first || (first.layers === 1 && first.heads === 1))
    return t(
      "{0} values a token",
      count(groups.reduce((sum, group) => sum + group.layers * group.heads * (group.keyDim + group.valueDim), 0)),
    );
  return t("{0} layers × {1} KV heads × {2}", count(first.layers), count(first.heads), count(first.keyDim));
}
