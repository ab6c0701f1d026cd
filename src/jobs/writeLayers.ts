import { FormatError } from "../core/errors";
import { checkLayer } from "../core/export/checkLayer";
import type { ChangedTensor, LayerProvider, QuantizedLayer } from "../core/export/quantizedLayer";
import { firstNonFinite } from "../core/measure/nonFinite";
import { findSplitScheme } from "../core/quant/split/registry";
import type { FilePlan, TensorPlan } from "../core/recipe/preflight";
import { countValues, matrixShape } from "../core/tensor/tensorInfo";
import type { TemporaryFile } from "../io/atomicFile";
import { storingScheme } from "./storingScheme";

/** A tensor of the plan and where it goes. */
interface Place {
  tensor: TensorPlan;
  target: TemporaryFile;
  offset: number;
}

/**
 * Writes the layers that a quantizer gives, one after the other, to the places that the plan has for them, and the tensors
 * it changed over what was copied.
 *
 * @throws FormatError `layers.unexpected`, `layers.missing`, `layers.form`, `quantize.overflow`; what the provider throws
 */
export async function writeLayers(
  provider: LayerProvider,
  files: readonly FilePlan[],
  targets: readonly TemporaryFile[],
  signal: AbortSignal,
): Promise<void> {
  const places = new Map<string, Place>();
  for (const [index, { tensors, layout }] of files.entries()) {
    for (const [at, tensor] of tensors.entries()) places.set(tensor.name, { tensor, target: targets[index]!, offset: layout.offsets[at]! });
  }
  const missing = new Set([...places.values()].filter(({ tensor }) => tensor.split).map(({ tensor }) => tensor.name));
  for await (const found of provider.layers(signal)) {
    const place = places.get(found.name);
    if (!place || (found.kind === "layer" ? !missing.delete(found.name) : place.tensor.split)) throw unexpected(found.name);
    await (found.kind === "layer" ? writeLayer(found, place) : writeChanged(found, place));
  }
  const [first] = missing;
  if (first === undefined) return;
  throw new FormatError("layers.missing", `${first} was not quantized`, {
    tensor: first,
    found: `${missing.size} layers less than planned`,
  });
}

async function writeLayer(layer: QuantizedLayer, { tensor, target }: Place): Promise<void> {
  const split = tensor.split!;
  const matrix = { ...matrixShape(tensor.shape), dtype: split.dtype };
  const scheme = findSplitScheme(split.scheme)!;
  checkLayer(layer, matrix, scheme);
  const parts = scheme.parts(matrix);
  // The whole of every part.
  const bytes = scheme.regions(matrix, 0, matrix.rows * matrix.columns).map((region) => new Uint8Array(region.bytes * region.runs));
  scheme.pack!(layer, matrix, bytes);
  for (const [index, part] of parts.entries()) {
    checkFinite(part.dtype, bytes[index]!, layer.name);
    await target.handle.write(bytes[index]!, 0, bytes[index]!.length, split.at[index]);
  }
}

async function writeChanged({ name, values }: ChangedTensor, { tensor, target, offset }: Place): Promise<void> {
  if (values.length !== countValues(tensor.shape)) {
    throw new FormatError("layers.form", `${name} comes with another number of values`, {
      tensor: name,
      expected: String(countValues(tensor.shape)),
      found: String(values.length),
    });
  }
  const bytes = new Uint8Array(tensor.bytes);
  storingScheme(tensor.type).quantizeRows(values, values.length, bytes);
  checkFinite(tensor.type, bytes, name);
  await target.handle.write(bytes, 0, bytes.length, offset);
}

function checkFinite(dtype: string, bytes: Uint8Array, tensor: string): void {
  const place = firstNonFinite(dtype, bytes);
  if (place < 0) return;
  throw new FormatError("quantize.overflow", `${tensor} has a number that ${dtype} cannot hold: number ${place}`, {
    tensor,
    expected: `finite numbers of type ${dtype}`,
    hint: "Choose BF16 for what is not quantized. Nothing was written.",
  });
}

function unexpected(tensor: string): FormatError {
  return new FormatError("layers.unexpected", `${tensor} was quantized, but is not to be, or was before`, { tensor });
}
