import type { AwqOptions } from "../../core/awq/awqGrid";
import { UsageError } from "../../core/errors";
import type { ChangedTensor, LayerProvider, QuantizedLayer } from "../../core/export/quantizedLayer";
import type { LayerTarget } from "../../core/gptq/layerTarget";
import { checkGptqOptions, defaultGptqOptions, type GptqBits, type GptqOptions } from "../../core/gptq/options";
import type { ModelDescription } from "../../core/model/modelDescription";
import { formName, type IntegerForm } from "../../core/quant/split/integerForm";
import { findSplitScheme } from "../../core/quant/split/registry";
import type { WritePlan } from "../../core/recipe/preflight";
import type { Calibration } from "./calibration";
import type { FinishedLayer } from "./layerFile";
import { integerParts } from "./layerValues";
import type { LayerStore } from "./layerStore";
import { linearsOf } from "./stages";

/** SmoothQuant's α of its authors for most models. */
const usualSmoothing = 0.5;

/**
 * What the layers become that a plan stores as integers with scales.
 *
 * @throws UsageError `not-integers`, `not-calibrated`, `bad-gptq-option`, `bad-scaling-option`
 */
export function integerTargets(plan: WritePlan, description: ModelDescription, calibration: Calibration): Map<string, LayerTarget> {
  const linears = new Set(description.layers.flatMap(linearsOf).map(({ tensor }) => tensor));
  const targets = new Map<string, LayerTarget>();
  for (const { name, split, shape } of plan.tensors) {
    if (!split) continue;
    const form = findSplitScheme(split.scheme)?.form;
    if (!form) {
      throw new UsageError("not-integers", `${calibration.method} makes integers with scales; this type is another kind`, {
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
    const columns = shape[shape.length - 1]!;
    targets.set(
      name,
      calibration.method === "gptq"
        ? { kind: "integers", options: optionsOf(form, calibration) }
        : scaledTarget(form, { tensor: name, columns }, calibration),
    );
  }
  return targets;
}

/** @throws UsageError `bad-scaling-option` */
function scaledTarget(
  { bits, groupSize, symmetric, ordered }: IntegerForm,
  { tensor, columns }: { tensor: string; columns: number },
  { method, smoothing = usualSmoothing }: Calibration,
): LayerTarget {
  const width = groupSize === -1 ? columns : groupSize;
  if (!(smoothing >= 0 && smoothing <= 1)) {
    throw new UsageError("bad-scaling-option", `SmoothQuant's share cannot be ${smoothing}`, {
      expected: "0 to 1",
      found: String(smoothing),
    });
  }
  if ((bits === 4 || bits === 8) && !ordered && width % 4 === 0 && columns % width === 0) {
    const isAwq = method === "awq";
    const options: AwqOptions = { bits, groupSize: width, symmetric: symmetric && "span" };
    return { kind: "awq", options, groupSize, isClipped: isAwq, ...(isAwq ? {} : { smoothing }) };
  }
  throw new UsageError(
    "bad-scaling-option",
    `${method} cannot quantize ${tensor} to ${formName({ bits, groupSize, symmetric, ordered })}`,
    {
      tensor,
      expected: "4 or 8 bits, in groups that divide the rows",
      found: `rows of ${columns}`,
    },
  );
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
          yield target ? quantizedLayer(layer, target) : changedTensor(layer);
        }
      }
    },
  };
}

function quantizedLayer(layer: FinishedLayer, target: LayerTarget): QuantizedLayer {
  if (target.kind === "blocks") throw new RangeError(`${layer.tensor} is not of integers`);
  const { tensor: name, rows, columns } = layer;
  const { bits, symmetric } = target.options;
  const groupSize = target.kind === "awq" ? target.groupSize : target.options.groupSize;
  const { codes, scales, zeros, groups } = integerParts(layer);
  const isOrdered = target.kind === "integers" && target.options.order === "activation" && groupSize !== -1;
  return {
    kind: "layer",
    name,
    rows,
    columns,
    bits,
    groupSize,
    symmetric: symmetric !== false,
    codes,
    scales,
    zeros: Float32Array.from(zeros),
    ...(isOrdered ? { groupIndex: groups } : {}),
  };
}

function changedTensor({ tensor, parts }: FinishedLayer): ChangedTensor {
  return { kind: "tensor", name: tensor, values: new Float32Array(parts.values!.slice().buffer) };
}
