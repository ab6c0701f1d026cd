import { UsageError } from "../../core/errors";
import type { LayerProvider } from "../../core/export/quantizedLayer";
import type { LayerTarget } from "../../core/gptq/layerTarget";
import { checkGptqOptions, defaultGptqOptions, type GptqBits, type GptqOptions } from "../../core/gptq/options";
import type { ModelDescription } from "../../core/model/modelDescription";
import type { IntegerForm } from "../../core/quant/split/integerForm";
import { findSplitScheme } from "../../core/quant/split/registry";
import type { WritePlan } from "../../core/recipe/preflight";
import type { Calibration } from "./calibration";
import { integerParts } from "./layerValues";
import type { LayerStore } from "./layerStore";
import { linearsOf } from "./stages";

/**
 * What the layers become that a plan stores as integers with scales.
 *
 * @throws UsageError `not-integers`, `not-calibrated`, `bad-gptq-option`
 */
export function integerTargets(plan: WritePlan, description: ModelDescription, calibration: Calibration): Map<string, LayerTarget> {
  const linears = new Set(description.layers.flatMap(linearsOf).map(({ tensor }) => tensor));
  const targets = new Map<string, LayerTarget>();
  for (const { name, split } of plan.tensors) {
    if (!split) continue;
    const form = findSplitScheme(split.scheme)?.form;
    if (!form) {
      throw new UsageError("not-integers", "GPTQ makes integers with scales; this type is another kind", {
        found: split.scheme,
        expected: "a type such as int4-sym-g128",
      });
    }
    if (!linears.has(name)) {
      throw new UsageError("not-calibrated", `The inputs of ${name} are not known: the model's forward pass does not go through it`, {
        tensor: name,
        hint: "Quantize with --method rtn.",
      });
    }
    targets.set(name, { kind: "integers", options: optionsOf(form, calibration) });
  }
  return targets;
}

function optionsOf({ bits, groupSize, symmetric, ordered }: IntegerForm, { damping, order }: Calibration): GptqOptions {
  const options: GptqOptions = {
    ...defaultGptqOptions,
    // Checked below.
    bits: bits as GptqBits,
    groupSize,
    symmetric,
    order: ordered ? "activation" : (order ?? defaultGptqOptions.order),
    damping: damping ?? defaultGptqOptions.damping,
  };
  checkGptqOptions(options);
  if (options.order !== "activation" || ordered || groupSize === -1) return options;
  throw new UsageError("bad-gptq-option", "Columns in the order of their activations need a format that stores it", {
    expected: "a type that ends in -order, or the order group-aware",
    found: order,
  });
}

/** The finished layers of integers, one after the other. */
export function integerProvider(store: LayerStore, targets: ReadonlyMap<string, LayerTarget>): LayerProvider {
  return {
    async *layers() {
      for (let block = 0; block < store.blocks; block++) {
        for (const stored of await store.list(block)) {
          const layer = await store.load(block, stored);
          const target = targets.get(layer.tensor);
          if (target?.kind !== "integers") continue;
          const { bits, groupSize, symmetric, order } = target.options;
          const { codes, scales, zeros, groups } = integerParts(layer);
          yield {
            kind: "layer",
            name: layer.tensor,
            rows: layer.rows,
            columns: layer.columns,
            bits,
            groupSize,
            symmetric,
            codes,
            scales,
            zeros: Float32Array.from(zeros),
            ...(order === "activation" && groupSize !== -1 ? { groupIndex: groups } : {}),
          };
        }
      }
    },
  };
}
