import { html, nothing, type TemplateResult } from "lit";
import { layerBits } from "../../src/protocol/playground";
import { type AffineChoice, affineId, parseAffine } from "../editor/histogram/affineChoice";
import { rangeOptions, typeOptions } from "../editor/histogram/schemeControls";
import { checkbox, dropdown } from "../ui/controls";
import { t } from "../ui/l10n";
import { runProgress } from "../ui/runProgress";
import { segmented } from "../ui/segmented";
import { slider } from "../ui/slider";
import { calibratedChoice, fitsRows, whyNotCalibrated } from "./calibrated";
import type { PlaygroundStore } from "./store";

const groupSizes = [16, 32, 64, 128, 256] as const;
/** Group that *Group* begins with. */
const usualGroup = 128;
/** Widest codes whose range can be chosen from a histogram. */
const mostChosenBits = 16;
const [fewestBits, mostBits] = [2, 32] as const;
/** Places that are named under the slider. */
const bitTicks = [2, 8, 16, 32] as const;

const usual: AffineChoice = { bits: 4, group: "channel", symmetric: true, range: "minmax" };

type Change = (patch: Partial<AffineChoice>) => void;

/** Method, granularity, bits and range: what makes a quantization, from above. */
export function methodControls(store: PlaygroundStore): TemplateResult {
  const { scheme } = store.state;
  const method = store.calibrated;
  const choice = parseAffine(scheme);
  const change: Change = (patch) => store.set({ scheme: affineId(allowed({ ...(choice ?? usual), ...patch })) });
  const why = whyNotCalibrated(store);
  return html`<div class="group">
      <h2>${t("Method")}</h2>
      ${dropdown({
        label: t("Method"),
        className: "wide",
        value: method ?? (choice ? (choice.symmetric ? "sym" : "asym") : scheme),
        options: [
          { value: "sym", label: t("Affine, symmetric") },
          { value: "asym", label: t("Affine, asymmetric") },
          { value: "gptq", label: t("GPTQ · makes up for errors"), disabled: why !== undefined },
          { value: "awq", label: t("AWQ · scales large inputs"), disabled: why !== undefined },
          ...typeOptions(store.schemes, choice ? undefined : scheme),
        ],
        onChange: (value) => choose(store, value),
      })}
      ${why === undefined ? nothing : html`<p class="xs muted">${why}</p>`} ${choice ? granularity(choice, change, store) : nothing}
      ${method && choice ? checkbox({ label: t("Symmetric"), checked: choice.symmetric, onChange: (symmetric) => change({ symmetric }) }) : nothing}
      ${method ? progress(store) : nothing}
    </div>
    ${choice ? html`${method ? fewBits(choice, change) : bits(choice, change)} ${method ? nothing : range(choice, change)}` : nothing}`;
}

function choose(store: PlaygroundStore, value: string): void {
  const { scheme } = store.state;
  if (value === "gptq" || value === "awq") {
    store.set({ method: value, scheme: affineId(calibratedChoice(scheme, value, store.columns)) });
  } else if (value === "sym" || value === "asym") {
    store.set({ method: "rtn", scheme: affineId(allowed({ ...(parseAffine(scheme) ?? usual), symmetric: value === "sym" })) });
  } else store.set({ method: "rtn", scheme: value });
}

/** A choice of range holds for one range of codes that are not too fine. */
function allowed(choice: AffineChoice): AffineChoice {
  return choice.group === "tensor" && choice.bits <= mostChosenBits ? choice : { ...choice, range: "minmax" };
}

function granularity({ group }: AffineChoice, change: Change, { calibrated: method, columns }: PlaygroundStore): TemplateResult {
  const kind = typeof group === "number" ? "group" : group;
  const offered = groupSizes.filter((size) => !method || fitsRows(method, size, columns));
  const sizes = typeof group === "number" && !offered.some((size) => size === group) ? [...offered, group] : offered;
  const usualSize = offered.filter((size) => size <= usualGroup).at(-1);
  return html`<span class="granularity">
    ${segmented({
      label: t("Granularity"),
      value: kind,
      options: [
        ...(method ? [] : [{ value: "tensor" as const, label: t("Tensor"), title: t("One scale for the tensor") }]),
        { value: "channel", label: t("Channel"), title: t("One scale a row") },
        ...(usualSize === undefined
          ? []
          : [{ value: "group" as const, label: t("Group"), title: t("One scale for a run of weights of a row") }]),
      ],
      onSelect: (value) => change({ group: value === "group" ? (usualSize ?? "channel") : value }),
    })}
    ${
      typeof group === "number"
        ? dropdown({
            label: t("Group size"),
            className: "group-size",
            value: String(group),
            options: sizes.map((size) => ({ value: String(size), label: String(size) })),
            onChange: (value) => change({ group: Number(value) }),
          })
        : nothing
    }
  </span>`;
}

/** How far the run of the model is that the method waits for. */
function progress(store: PlaygroundStore): TemplateResult | typeof nothing {
  const { run } = store;
  if (run.kind === "failed") return html`<p class="xs" role="alert">${run.message}</p>`;
  if (run.kind !== "running" || run.phase !== "model") return nothing;
  return runProgress(run, {
    className: "collecting",
    label: t("Collecting activations"),
    text: (share) => t("Collecting activations… {0}", share),
    cancel: () => store.set({ method: "rtn" }),
  });
}

/** The widths that GPTQ and AWQ have. */
function fewBits(choice: AffineChoice, change: Change): TemplateResult {
  return html`<div class="group">
    <h2>${t("Bits")}</h2>
    ${segmented({
      label: t("Bits"),
      value: choice.bits,
      options: layerBits.map((width) => ({ value: width as number, label: String(width) })),
      onSelect: (width) => change({ bits: width }),
    })}
  </div>`;
}

function bits(choice: AffineChoice, change: Change): TemplateResult {
  const place = (value: number): number => (100 * (value - fewestBits)) / (mostBits - fewestBits);
  return html`<div class="group">
    <h2>${t("Bits")} <span class="value" aria-hidden="true">${choice.bits}</span></h2>
    ${slider({
      label: t("Bits"),
      value: choice.bits,
      min: fewestBits,
      max: mostBits,
      step: 1,
      text: t("{0} bits", String(choice.bits)),
      onInput: (value) => change({ bits: value }),
    })}
    <div class="ticks" aria-hidden="true">
      ${bitTicks.map((tick) => html`<span class="tick-${Math.round(place(tick))}">${tick}</span>`)}
    </div>
  </div>`;
}

function range(choice: AffineChoice, change: Change): TemplateResult | typeof nothing {
  if (choice.group !== "tensor" || choice.bits > mostChosenBits) return nothing;
  return html`<div class="group">
    <h2>${t("Range")}</h2>
    ${dropdown({
      label: t("Range"),
      className: "wide",
      value: choice.range,
      options: rangeOptions(choice.range),
      onChange: (value) => change({ range: value as AffineChoice["range"] }),
    })}
  </div>`;
}
