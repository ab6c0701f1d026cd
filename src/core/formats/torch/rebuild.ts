import { limits } from "../../limits";
import { spannedElements } from "../../tensor/arraySource";
import { countValuesExactly } from "../../tensor/shape";
import { dtypeElement, storageElement, type ElementType } from "./elementTypes";
import { globalName, itemsOf, objectOf, type PickleCall, type PickleValue } from "./pickle/values";

/** A storage as a pickle refers to it. */
export interface StorageRef {
  readonly key: string;
  readonly element: ElementType;
  /** Elements of the storage at which what the key names begins: views of old files. */
  readonly start: number;
}

/** A tensor whose elements lie in a storage. */
export interface DenseTensor {
  readonly kind: "dense";
  readonly storage: StorageRef;
  readonly element: ElementType;
  /** Elements of the storage before the first. */
  readonly offset: number;
  readonly shape: readonly number[];
  /** For each dimension, elements from one index to the next. */
  readonly strides: readonly number[];
  readonly quantizer?: Quantizer;
}

/** What quantized numbers stand for: `scale · (q − zero)`, for the whole tensor or along one dimension. */
export type Quantizer =
  | { readonly kind: "tensor"; readonly scale: number; readonly zero: number }
  | { readonly kind: "channel"; readonly scales: DenseTensor; readonly zeros: DenseTensor; readonly axis: number };

/** A tensor that has no elements of its own in the file, or not one for each value. */
export interface ListedTensor {
  readonly kind: "listed";
  /** How its type is shown: `F32 (meta)`. */
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Why its values are not shown. */
  readonly why: string;
}

export type RebuiltTensor = DenseTensor | ListedTensor;

/** A call that should make a tensor, but whose arguments do not describe one. */
export class BadTensorError extends Error {}

/** Functions that pass on what they get, with attributes that do not matter here. */
const wrappers = new Set([
  "torch._utils._rebuild_parameter",
  "torch._utils._rebuild_parameter_with_state",
  "torch.jit._pickle.restore_type_tag",
  "torch.nn.parameter.Parameter",
]);

/** What a wrapper passes on; undefined for other calls. */
export function wrappedValue({ callee, args }: PickleCall): PickleValue | undefined {
  const name = globalName(callee);
  if (name !== undefined && wrappers.has(name)) return args[0];
  // The result of a function call gets the type of a subclass of Tensor.
  if (name === "torch._tensor._rebuild_from_type_v2" || name === "torch._tensor._rebuild_from_type") {
    return { kind: "call", callee: args[0] ?? null, args: itemsOf(args[2]) ?? [] };
  }
  return undefined;
}

/**
 * The tensor that a call of PyTorch's would make; undefined for calls of other functions.
 * @throws BadTensorError
 */
export function rebuildTensor({ callee, args }: PickleCall): RebuiltTensor | undefined {
  switch (globalName(callee)) {
    case "torch._utils._rebuild_tensor":
    case "torch._utils._rebuild_tensor_v2":
      return asStored(dense(args[0], args[1], args[2], args[3]), args[6]);
    case "torch._utils._rebuild_tensor_v3":
      return ofType(args, args[6]);
    case "torch._utils._rebuild_qtensor":
      return quantized(args);
    case "torch._utils._rebuild_sparse_tensor":
    case "torch._utils._rebuild_sparse_csr_tensor":
      return sparse(args[0], itemsOf(args[1]) ?? []);
    case "torch._utils._rebuild_meta_tensor_no_storage":
      return listed(args[0], args[1], "meta", "has no data: it was saved on the meta device");
    case "torch._utils._rebuild_wrapper_subclass":
      return listed(args[1], args[2], "wrapper", "is computed from other tensors by a class of its own");
    default:
      return undefined;
  }
}

/** What a persistent identifier of PyTorch's refers to; undefined for any other. @throws BadTensorError */
export function storageOf(id: PickleValue): StorageRef | undefined {
  const parts = itemsOf(id);
  if (parts?.[0] !== "storage") return undefined;
  const className = globalName(parts[1]);
  const element = className === undefined ? undefined : storageElement(className);
  if (!element) throw new BadTensorError(`a storage of an unknown class, ${className ?? "none"}`);
  const view = itemsOf(parts[5]);
  return { key: String(parts[2]), element, start: view ? countOf(view[1], "the offset of a view") : 0 };
}

function dense(
  storageValue: PickleValue | undefined,
  offset: PickleValue | undefined,
  size: PickleValue | undefined,
  stride: PickleValue | undefined,
  element?: ElementType,
): DenseTensor {
  const persistent = objectOf(storageValue);
  const storage = persistent?.kind === "persistent" ? storageOf(persistent.id) : undefined;
  if (!storage) throw new BadTensorError("no storage");
  const shape = shapeOf(size);
  const strides = itemsOf(stride)?.map((step) => countOf(step, "a stride"));
  if (strides?.length !== shape.length) throw new BadTensorError("not a stride for each dimension");
  const first = countOf(offset, "the offset");
  if (!Number.isSafeInteger((storage.start + first + spannedElements(shape, strides)) * storage.element.itemBytes * 16)) {
    throw new BadTensorError("elements that no file can hold");
  }
  return { kind: "dense", storage, element: element ?? storage.element, offset: first, shape, strides };
}

/** A tensor whose type is named apart from its storage. One of a type that is not known keeps its name and shape. */
function ofType(args: readonly PickleValue[], dtype: PickleValue | undefined): RebuiltTensor {
  const name = globalName(dtype);
  if (name !== undefined && dtypeName.test(name) && !dtypeElement(name)) {
    const bare = name.slice("torch.".length, "torch.".length + 40);
    return { kind: "listed", dtype: bare, shape: shapeOf(args[2]), why: `has numbers of a type that is not decoded, ${bare}` };
  }
  return asStored(dense(args[0], args[1], args[2], args[3], elementOf(dtype)), args[7]);
}

/** How PyTorch spells types of numbers, those of later versions included. */
const dtypeName = /^torch\.[a-z]+\d+\w*$/;

/**
 * The tensor unless its metadata has the negative bit: its values are then those of the storage with the other sign. The same bit
 * for complex conjugates is of no matter here, as complex values are not decoded.
 */
function asStored(tensor: DenseTensor, metadata: PickleValue | undefined): RebuiltTensor {
  const bits = objectOf(metadata);
  const isNegated = bits?.kind === "dict" && bits.entries.get("neg") === true;
  if (!isNegated) return tensor;
  const why = "is stored with the other sign (PyTorch's negative bit)";
  return { kind: "listed", dtype: `${tensor.element.dtype} (negated)`, shape: tensor.shape, why };
}

function quantized(args: readonly PickleValue[]): DenseTensor | ListedTensor {
  const tensor = dense(args[0], args[1], args[2], args[3]);
  const [scheme, first, second, axis] = itemsOf(args[4]) ?? [];
  const name = globalName(scheme);
  if (tensor.element.codes !== undefined && name === "torch.per_tensor_affine" && typeof first === "number" && typeof second === "number") {
    return { ...tensor, quantizer: { kind: "tensor", scale: first, zero: second } };
  }
  if (tensor.element.codes !== undefined && name?.startsWith("torch.per_channel_affine") && typeof axis === "number") {
    const [scales, zeros] = [first, second].map(innerTensor);
    const channels = tensor.shape[axis];
    const fits = (part: RebuiltTensor | undefined): part is DenseTensor =>
      part?.kind === "dense" && part.shape.length === 1 && part.shape[0] === channels;
    if (channels !== undefined && channels <= limits.quantizedChannels && fits(scales) && fits(zeros)) {
      return { ...tensor, quantizer: { kind: "channel", scales, zeros, axis } };
    }
  }
  return {
    kind: "listed",
    dtype: tensor.element.dtype,
    shape: tensor.shape,
    why: `is quantized in a way that is not decoded (${name ?? "unknown"})`,
  };
}

/** The tensor that an argument of another tensor is. */
function innerTensor(value: PickleValue | undefined): RebuiltTensor | undefined {
  const call = objectOf(value);
  return call?.kind === "call" ? rebuildTensor(call) : undefined;
}

function sparse(layoutValue: PickleValue | undefined, data: readonly PickleValue[]): ListedTensor {
  const call = objectOf(layoutValue);
  const layout = String(call?.kind === "call" ? call.args[0] : (globalName(layoutValue) ?? "sparse")).replace(/^torch\./, "");
  // COO has (indices, values, size), the compressed layouts (pointers, indices, values, size).
  const isCoo = layout === "sparse_coo";
  const values = innerTensor(data[isCoo ? 1 : 2]);
  const shape = shapeOf(data[isCoo ? 2 : 3]);
  const dtype = values?.kind === "dense" ? values.element.dtype : "unknown";
  return { kind: "listed", dtype: `${dtype} (${layout.slice(0, 40)})`, shape, why: "is sparse: only some of its values are stored" };
}

function listed(dtype: PickleValue | undefined, size: PickleValue | undefined, note: string, why: string): ListedTensor {
  return { kind: "listed", dtype: `${elementOf(dtype).dtype} (${note})`, shape: shapeOf(size), why };
}

function elementOf(dtype: PickleValue | undefined): ElementType {
  const name = globalName(dtype);
  const element = name === undefined ? undefined : dtypeElement(name);
  if (!element) throw new BadTensorError(`an unknown type, ${name ?? "none"}`);
  return element;
}

/** Sizes come as tuples, lists, or calls of `torch.Size` with one. */
function shapeOf(value: PickleValue | undefined): number[] {
  const call = objectOf(value);
  const items = itemsOf(call?.kind === "call" ? call.args[0] : value);
  const shape = items?.map((count) => countOf(count, "a dimension"));
  if (!shape || shape.length > limits.rank || countValuesExactly(shape) === undefined)
    throw new BadTensorError("no shape that a file can hold");
  return shape;
}

function countOf(value: PickleValue | undefined, what: string): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0 || value > limits.dimension) {
    throw new BadTensorError(`${what} that is no count`);
  }
  return value;
}
