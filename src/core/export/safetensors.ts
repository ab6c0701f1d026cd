import { sourceOf } from "../convert/fromGguf";
import { UsageError } from "../errors";
import { layOutSafetensors, type SafetensorsEntry } from "../formats/safetensors/writer";
import type { ConstantPart, SplitPart, SplitScheme } from "../quant/split/splitScheme";
import { storedType } from "../recipe/overrides";
import type { FilePlan, TensorPlan, WritePlan } from "../recipe/preflight";
import { reasonCode, reasonText } from "../recipe/reasons";
import type { TypeOverride } from "../recipe/recipe";
import type { Checkpoint } from "../tensor/checkpoint";
import { findDType } from "../tensor/dtype";
import { countValues, matrixShape, type TensorInfo } from "../tensor/tensorInfo";
import { jsonFile, modelConfig } from "./huggingFaceConfig";
import { isLinearWeight, moduleOf } from "./linearLayers";
import { type LoaderFormat, sameFloat, type StorageTarget } from "./loaderFormat";
import { moduleNames } from "./moduleNames";
import { groupShards, shardIndexFile, shardPaths } from "./safetensorsShards";

export interface SafetensorsInput {
  checkpoint: Checkpoint;
  format: LoaderFormat;
  /** Of the format's types. */
  target: StorageTarget;
  /** The float type of what is not quantized; absent for the format's own choice. */
  dtype?: string;
  /** Path of the weights' file. */
  out: string;
  /** What goes with the weights; absent where only they are written. */
  folder?: OutputFolder;
  /** Bytes of tensor data in one file; absent for one file. */
  splitBytes?: number;
  /** Tensors that are not quantized, and the float types they get; see `parseUnquantized`. The first that matches decides. */
  overrides?: readonly TypeOverride[];
}

/** A whole folder for loaders. */
export interface OutputFolder {
  /** The path that a file of some name gets. */
  pathOf(name: string): string;
  /** Text of the checkpoint's config.json; undefined without one. */
  readonly config: string | undefined;
  readonly companions: NonNullable<WritePlan["sidecars"]>;
}

/**
 * What writing a checkpoint as safetensors makes of each of its tensors, under the names they have, with the
 * configuration that says how they are stored.
 *
 * @throws UsageError `unreadable-tensor`, `nothing-to-quantize`; FormatError `safetensors.cannot-store`, `config.missing`
 */
export function planSafetensors(input: SafetensorsInput): WritePlan {
  const { checkpoint, target, out, splitBytes, overrides = [] } = input;
  const drafts = checkpoint.tensors.map((info) => {
    const override = overrides.find(({ pattern }) => pattern.test(info.name));
    return override ? givenDraft(info, input, override) : draftOf(info, input);
  });
  if (target.scheme && !drafts.some(({ tensor }) => tensor.split)) throw nothingToQuantize(target, drafts);
  const shards = groupShards(drafts, ({ entries }) => entries.reduce((sum, entry) => sum + partBytes(entry), 0), splitBytes);
  const names = shardPaths(out, shards.length);
  const files = shards.map((shard, index) => filePlan(names[index]!, shard));
  const tensors = files.flatMap((file) => file.tensors);
  const values = checkpoint.tensors.reduce((sum, { shape }) => sum + countValues(shape), 0);
  const stored = tensors.reduce((sum, { bytes }) => sum + bytes, 0);
  const entriesByFile = shards.map((shard) => shard.flatMap(({ entries }) => entries.map(({ name }) => name)));
  const sidecars = [
    ...(shards.length > 1 ? [shardIndexFile(out, names, entriesByFile, stored)] : []),
    ...configurations(input, drafts),
    ...(input.folder?.companions ?? []),
  ];
  return {
    files,
    tensors,
    sidecars,
    bytes: [...files.map(({ layout }) => layout.bytes), ...sidecars.map(({ bytes }) => bytes.length)].reduce(
      (sum, bytes) => sum + bytes,
      0,
    ),
    bitsPerWeight: values > 0 ? (8 * stored) / values : 0,
  };
}

/** What tells loaders how the weights are stored. */
function configurations({ target, dtype, folder }: SafetensorsInput, drafts: readonly Draft[]): NonNullable<WritePlan["sidecars"]> {
  if (!folder) return [];
  const quantization = target.config?.(moduleNames(drafts.map(({ tensor }) => tensor)));
  const floats = new Set(drafts.flatMap(({ tensor }) => (tensor.split ? [tensor.split.dtype] : isFloat(tensor.type) ? [tensor.type] : [])));
  const [only] = floats.size === 1 ? floats : [];
  return [
    { name: folder.pathOf("config.json"), bytes: modelConfig(folder.config, target.plain ?? dtype ?? only, quantization) },
    ...(quantization && target.hasOwnFile ? [{ name: folder.pathOf("quantize_config.json"), bytes: jsonFile(quantization) }] : []),
  ];
}

/** One file: its tensors with the places that the layout gives to them and their parts. */
function filePlan(name: string, drafts: readonly Draft[]): FilePlan {
  const layout = layOutSafetensors(
    drafts.flatMap(({ entries }) => entries),
    { format: "pt" },
  );
  let next = 0;
  const placed = drafts.flatMap(({ tensor, entries, constants }) => {
    const places = layout.offsets.slice(next, next + entries.length);
    next += entries.length;
    const own = tensor.split ? { ...tensor, split: { ...tensor.split, at: places.slice(0, places.length - constants.length) } } : tensor;
    const rest = constants.map((constant, i) => ({ at: places[places.length - constants.length + i]!, tensor: constant }));
    return [{ at: places[0]!, tensor: own }, ...rest];
  });
  return { name, layout: { ...layout, offsets: placed.map(({ at }) => at) }, tensors: placed.map(({ tensor }) => tensor) };
}

interface Draft {
  tensor: TensorPlan;
  /** Of the file: the tensor itself; or codes, scales and such, then what says how to read them. */
  entries: SafetensorsEntry[];
  constants: TensorPlan[];
}

function givenDraft(info: TensorInfo, input: SafetensorsInput, { type, text }: TypeOverride): Draft {
  const given = type === storedType ? undefined : type;
  const { tensor, entries, constants } = draftOf(info, {
    ...input,
    format: { ...input.format, keptType: sameFloat },
    dtype: given,
    target: { name: text },
  });
  return { tensor: { ...tensor, reason: { code: "override", values: [text] } }, entries, constants };
}

function draftOf(info: TensorInfo, { checkpoint, format, target, dtype }: SafetensorsInput): Draft {
  const { name, shape } = info;
  const source = sourceOf(checkpoint, info);
  const shared = { name, shape, from: info.dtype, source };
  const wanted = target.plain ?? dtype ?? format.keptType(source.dtype);
  const type = isFloat(source.dtype) ? wanted : source.dtype;
  const matrix = { ...matrixShape(shape), dtype: type };
  const isQuantized = target.scheme !== undefined && isLinearWeight(info);
  const refusal = isQuantized ? target.scheme!.refuses(matrix) : undefined;
  if (isQuantized && refusal === undefined) return splitDraft(shared, target.name, target.scheme!, matrix);
  const bytes = partBytes({ dtype: type, shape });
  const reason = type === source.dtype ? "kept" : "decoded";
  return {
    tensor: { ...shared, type, bytes, reason: refusal ?? reason },
    entries: [{ name, shape, dtype: type }],
    constants: [],
  };
}

function splitDraft(
  shared: Pick<TensorPlan, "name" | "shape" | "from" | "source">,
  type: string,
  scheme: SplitScheme,
  matrix: Parameters<SplitScheme["parts"]>[0],
): Draft {
  const [parts, constants] = [scheme.parts(matrix), scheme.constants(matrix)];
  const nameOf = (part: SplitPart): string => `${moduleOf(shared.name)}.${part.name}`;
  const bytes = parts.reduce((sum, part) => sum + partBytes(part), 0);
  const split = { scheme: scheme.id, at: [], dtype: matrix.dtype };
  return {
    tensor: { ...shared, type: parts[0]!.dtype, bytes, reason: { code: "linearLayer", values: [type] }, split },
    entries: [...parts, ...constants].map((part) => ({ name: nameOf(part), dtype: part.dtype, shape: part.shape })),
    constants: constants.map((part) => constantPlan(nameOf(part), part)),
  };
}

/** A value of one of these types may become one of another; integers and such stay what they are. */
function isFloat(dtype: string): boolean {
  const family = findDType(dtype)?.family;
  return family === "float" || family === "block";
}

function partBytes({ dtype, shape }: Pick<SplitPart, "dtype" | "shape">): number {
  const { blockSize, blockBytes } = findDType(dtype)!;
  return Math.ceil(countValues(shape) / blockSize) * blockBytes;
}

function constantPlan(name: string, { dtype, shape, bytes }: ConstantPart): TensorPlan {
  const shared = new SharedArrayBuffer(bytes.length);
  new Uint8Array(shared).set(bytes);
  const source = { dtype, ref: { kind: "memory", name, bytes: shared } as const, offset: 0 };
  return { name, shape, from: dtype, type: dtype, bytes: bytes.length, reason: "description", source };
}

function nothingToQuantize({ name }: StorageTarget, drafts: readonly Draft[]): UsageError {
  const refused = drafts.find(({ tensor: { reason } }) => ["indivisibleInputs", "indivisibleOutputs"].includes(reasonCode(reason)))?.tensor;
  const other = drafts.find(({ tensor: { name: tensor } }) => otherBlocks.test(tensor))?.tensor.name;
  return new UsageError("nothing-to-quantize", `No layer of this checkpoint can be stored as ${name}`, {
    tensor: refused?.name ?? other,
    expected: "linear layers of transformer blocks, by Hugging Face's names",
    found: refused ? reasonText(refused.reason) : other ? `another family's name, ${other}` : "no tensor of such a name",
    hint: refused
      ? "Choose a smaller group, or another type."
      : other
        ? "Layers of this family are not quantized here: load it in transformers with a BitsAndBytesConfig, which quantizes as it loads."
        : "Open the checkpoint as it is on Hugging Face, or write GGUF.",
  });
}

/** Blocks of GPT-2, whose weights are inputs × outputs, Falcon and BLOOM; of BERT and T5. */
const otherBlocks = /^(?:transformer\.)?h\.\d+\.|\bencoder\.layer\.\d+\.|\bblock\.\d+\.layer\.\d+\./;
