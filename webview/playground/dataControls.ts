import { html, nothing, type TemplateResult } from "lit";
import type { DistributionKind, ShapedData } from "../../src/core/shaped/shapedValues";
import { playgroundProtocol } from "../../src/protocol/playground";
import { dropdown } from "../ui/controls";
import { compact, fixed, percent, shape, significant } from "../ui/format";
import { icon } from "../ui/icons";
import { t } from "../ui/l10n";
import { segmented } from "../ui/segmented";
import { slider } from "../ui/slider";
import type { PlaygroundStore } from "./store";

const sizes: readonly ShapedData["rows"][] = [64, 256, 1024, 4096];
/** Values of a row of shaped data. */
const columns = 1024;

/** The values to play with: a tensor of the checkpoint, or ones that the reader shapes. */
export function dataControls(store: PlaygroundStore): TemplateResult {
  const { state, tensors } = store;
  return html`<div class="group">
    <h2>${t("Data")}</h2>
    ${
      tensors.length === 0
        ? nothing
        : segmented({
            label: t("Data"),
            value: state.data,
            options: [
              { value: "tensor", label: t("Real tensor") },
              { value: "shaped", label: t("Shaped") },
            ],
            onSelect: (data) => store.set({ data }),
          })
    }
    ${state.data === "shaped" ? shapedControls(store) : tensorControls(store)}
    <p class="xs muted">${factsOf(store)}</p>
  </div>`;
}

function tensorControls(store: PlaygroundStore): TemplateResult | typeof nothing {
  const { tensor } = store;
  if (!tensor) return nothing;
  return html`<span class="with-button">
    ${dropdown({
      label: t("Tensor"),
      className: "wide",
      value: tensor.name,
      options: store.tensors.map(({ name }) => ({ value: name, label: name })),
      onChange: (name) => store.set({ tensor: name }),
    })}
    <button
      type="button"
      class="icon-btn"
      aria-label=${t("Show in the editor")}
      title=${t("Show in the editor")}
      @click=${() => store.askFor(store.host.request(playgroundProtocol.openTensor, { tensor: tensor.name }))}
    >
      ${icon("chevronRight")}
    </button>
  </span>`;
}

/** Shape, spread and tails of what is shown. */
function factsOf(store: PlaygroundStore): string {
  const { shown } = store.report;
  if (!shown || shown.subject.data !== store.state.data) return " ";
  const { preview, kurtosis, shape: dimensions } = shown.report;
  const facts = [shape(dimensions), `σ ${significant(preview.beforeFigures.std)}`];
  if (kurtosis !== null) facts.push(t("kurtosis {0}", significant(kurtosis)));
  return facts.join(", ");
}

function shapedControls(store: PlaygroundStore): TemplateResult {
  const { shaped } = store.state;
  const kinds: { value: DistributionKind; label: string }[] = [
    { value: "normal", label: t("Normal") },
    { value: "laplace", label: t("Laplace") },
    { value: "student", label: t("Student’s t, heavy tails") },
    { value: "uniform", label: t("Uniform") },
  ];
  return html`${dropdown({
      label: t("Distribution"),
      className: "wide",
      value: shaped.distribution,
      options: kinds,
      onChange: (value) => store.setShaped({ distribution: value as DistributionKind }),
    })}
    ${
      shaped.distribution === "student"
        ? named(t("Degrees of freedom"), String(shaped.freedom), {
            value: shaped.freedom,
            min: 1,
            max: 30,
            step: 1,
            onInput: (freedom) => store.setShaped({ freedom }),
          })
        : nothing
    }
    ${named(t("Shift"), `${fixed(shaped.shift, 1)} σ`, {
      value: shaped.shift,
      min: -3,
      max: 3,
      step: 0.1,
      onInput: (shift) => store.setShaped({ shift: Math.round(shift * 10) / 10 }),
    })}
    ${named(t("Outliers"), percent(shaped.outlierShare), {
      value: shaped.outlierShare,
      min: 0,
      max: 0.05,
      step: 0.001,
      onInput: (share) => store.setShaped({ outlierShare: Math.round(share * 1000) / 1000 }),
    })}
    ${
      shaped.outlierShare > 0
        ? named(t("Size of outliers"), `${shaped.outlierFactor} ×`, {
            value: shaped.outlierFactor,
            min: 1,
            max: 100,
            step: 1,
            onInput: (outlierFactor) => store.setShaped({ outlierFactor }),
          })
        : nothing
    }
    <span class="pair">
      ${dropdown({
        label: t("Number of values"),
        className: "size",
        value: String(shaped.rows),
        options: sizes.map((rows) => ({ value: String(rows), label: t("{0} values", compact(rows * columns)) })),
        onChange: (rows) => store.setShaped({ rows: Number(rows) }),
      })}
      <button
        type="button"
        class="icon-btn"
        aria-label=${t("Draw other values")}
        title=${t("Draw other values")}
        @click=${() => store.setShaped({ seed: (shaped.seed % 999) + 1 })}
      >
        ${icon("refresh")}
      </button>
    </span>`;
}

interface NamedSlider {
  value: number;
  min: number;
  max: number;
  step: number;
  onInput(value: number): void;
}

/** A slider under its name and value. */
function named(label: string, text: string, control: NamedSlider): TemplateResult {
  return html`<div class="named">
    <span class="label" aria-hidden="true">${label}<span class="value">${text}</span></span>
    ${slider({ ...control, label, text })}
  </div>`;
}
