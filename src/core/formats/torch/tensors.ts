import type { RandomAccessFile } from "../../file";
import { limits } from "../../limits";
import { arraySource, isRowMajor, spannedElements, usedElements } from "../../tensor/arraySource";
import { findDType } from "../../tensor/dtype";
import { countValues, doubtfulDType, type TensorInfo, type ValueSource } from "../../tensor/tensorInfo";
import type { DiagnosticList } from "../diagnosticList";
import { countBytes, countOf, quoteName, showShape } from "../text";
import { readNumbers } from "./readNumbers";
import type { DenseTensor, ListedTensor } from "./rebuild";
import type { NamedTensor } from "./stateWalk";
import type { StorageBytes, Storages } from "./storages";

const damagedHint = "The file is damaged, or was not written by torch.save. Download or save it again.";
/** Names in the finding about one shared storage. */
const listedNames = 8;

/** Turns what a pickle describes into tensors whose values can be read. Ones that do not fit their storage keep their place. */
export async function placeTensors(
  named: readonly NamedTensor[],
  storages: Storages,
  file: RandomAccessFile,
  diagnostics: DiagnosticList,
): Promise<TensorInfo[]> {
  const placer = new Placer(storages, file, diagnostics);
  const tensors: TensorInfo[] = [];
  for (const { name, tensor } of named) {
    tensors.push(tensor.kind === "listed" ? placer.listed(name, tensor) : await placer.dense(name, tensor));
  }
  reportShared(named, file.name, diagnostics);
  return tensors;
}

class Placer {
  constructor(
    private readonly storages: Storages,
    private readonly file: RandomAccessFile,
    private readonly diagnostics: DiagnosticList,
  ) {}

  listed(name: string, { dtype, shape, why }: ListedTensor): TensorInfo {
    this.diagnostics.add("info", "torch.listed-only", `${quoteName(name)} ${why}; it is listed without its values`, {
      file: this.file.name,
      tensor: name,
      expected: "a tensor with a value for each index",
      found: `${dtype} ${showShape(shape)}`,
      hint: "Save it as an ordinary tensor to see its values.",
    });
    return { name, dtype, shape, file: this.storages.file, offset: 0, bytes: 0 };
  }

  async dense(name: string, tensor: DenseTensor): Promise<TensorInfo> {
    const { element, shape, strides } = tensor;
    const storage = this.storages.find(tensor.storage.key);
    const isEmpty = shape.includes(0);
    if (!storage && !isEmpty) return this.withoutStorage(name, tensor);
    const first = tensor.storage.start * tensor.storage.element.itemBytes + tensor.offset * element.itemBytes;
    const spanned = spannedElements(shape, strides) * element.itemBytes;
    const used = usedElements(shape, strides) * element.itemBytes;
    const plain: TensorInfo = {
      name,
      dtype: element.dtype,
      shape,
      file: this.storages.file,
      offset: (storage?.place.offset ?? 0) + first,
      bytes: used,
    };
    if (!storage || isEmpty) return { ...plain, offset: storage?.place.offset ?? 0 };
    if (first + spanned > storage.bytes) return this.beyondStorage(plain, storage, first + spanned);
    if (countValues(shape) > limits.expandedValues && countValues(shape) * element.itemBytes > spanned) return this.expanded(plain);
    const isStored = storage.ref === this.file.ref;
    const isPlain = isStored && isRowMajor(shape, strides) && (element.numberBytes === 1 || !this.storages.isBigEndian);
    const extent = isStored ? { offset: plain.offset, bytes: spanned } : storage.place;
    const placed = { ...plain, offset: extent.offset, ...(isStored ? {} : { bytes: Math.min(used, extent.bytes) }) };
    const extents = isStored && spanned === used ? {} : { extents: [{ file: plain.file, ...extent }] };
    if (isPlain && !tensor.quantizer) return { ...placed, ...extents };
    const source = await this.source(tensor, storage, first);
    return { ...placed, ...extents, ...(findDType(source.dtype) ? { source } : {}) };
  }

  /** Where its values are read: of quantized ones, what they stand for. */
  private async source(tensor: DenseTensor, storage: StorageBytes, first: number): Promise<ValueSource> {
    const { element, shape, strides, quantizer } = tensor;
    const stored = arraySource({
      dtype: element.codes ?? element.dtype,
      itemBytes: element.itemBytes,
      ref: storage.ref,
      offset: storage.offset + first,
      shape,
      strides,
      bigEndianBytes: this.storages.isBigEndian ? element.numberBytes : 1,
    });
    if (!quantizer) return stored;
    const codes = element.codes as "I8" | "U8" | "I32";
    const [scales, zeros] =
      quantizer.kind === "tensor"
        ? [[quantizer.scale], [quantizer.zero]]
        : [await this.numbers(quantizer.scales), await this.numbers(quantizer.zeros)];
    if (!scales || !zeros) return { ...stored, dtype: element.dtype };
    const perChannel = quantizer.kind === "channel";
    const inner = perChannel ? countValues(shape.slice(quantizer.axis + 1)) : 1;
    const ref = { kind: "affine", perChannel, source: stored.ref, offset: stored.offset, codes, scales, zeros, inner } as const;
    return { dtype: "F32", ref, offset: 0 };
  }

  private numbers(tensor: DenseTensor): Promise<number[] | undefined> {
    const storage = this.storages.find(tensor.storage.key);
    return storage ? readNumbers(this.file, tensor, storage, this.storages.isBigEndian) : Promise.resolve(undefined);
  }

  private withoutStorage(name: string, { element, shape, storage }: DenseTensor): TensorInfo {
    this.diagnostics.add("error", "torch.missing-storage", `The values of ${quoteName(name)} are not in the file`, {
      file: this.file.name,
      tensor: name,
      expected: `a storage called ${quoteName(storage.key)}`,
      found: "none",
      hint: damagedHint,
    });
    return { name, dtype: doubtfulDType(element.dtype), shape, file: this.storages.file, offset: 0, bytes: 0 };
  }

  private beyondStorage(tensor: TensorInfo, storage: StorageBytes, needed: number): TensorInfo {
    this.diagnostics.add(
      "error",
      "torch.beyond-storage",
      `${quoteName(tensor.name)} needs more than its storage has; its values cannot be shown`,
      {
        file: this.file.name,
        tensor: tensor.name,
        offset: storage.place.offset,
        expected: `a storage of ${countBytes(needed)}`,
        found: countBytes(storage.bytes),
        hint: damagedHint,
      },
    );
    return { ...tensor, dtype: doubtfulDType(tensor.dtype), offset: storage.place.offset, bytes: storage.place.bytes };
  }

  private expanded(tensor: TensorInfo): TensorInfo {
    this.diagnostics.add("warning", "torch.expanded", `${quoteName(tensor.name)} repeats its few values too often to be read`, {
      file: this.file.name,
      tensor: tensor.name,
      offset: tensor.offset,
      expected: `at most ${countOf(limits.expandedValues)} values`,
      found: showShape(tensor.shape),
      hint: "Save the tensor before it is expanded.",
    });
    return { ...tensor, dtype: doubtfulDType(tensor.dtype) };
  }
}

/** Says which tensors are views of the same storage: tied weights, slices, transposes. */
function reportShared(named: readonly NamedTensor[], file: string, diagnostics: DiagnosticList): void {
  const byKey = new Map<string, string[]>();
  for (const { name, tensor } of named) {
    if (tensor.kind !== "dense") continue;
    const names = byKey.get(tensor.storage.key);
    if (names) names.push(name);
    else byKey.set(tensor.storage.key, [name]);
  }
  for (const [key, names] of byKey) {
    const [first = "", ...others] = names;
    if (others.length === 0) continue;
    const shown = others.slice(0, listedNames).map(quoteName).join(", ");
    const more = others.length > listedNames ? ` and ${countOf(others.length - listedNames)} more` : "";
    diagnostics.add("info", "torch.shared-storage", `${quoteName(first)} shares its storage with ${shown}${more}`, {
      file,
      tensor: first,
      expected: "a storage for each tensor",
      found: `${countOf(names.length)} tensors in storage ${key.slice(0, 40)}`,
      hint: "Tied weights and views are saved so. Each is shown with all its values.",
    });
  }
}
