import { sourceOf } from "../convert/fromGguf";
import { UsageError } from "../errors";
import { layOutSafetensors, type SafetensorsEntry } from "../formats/safetensors/writer";
import { findSplitScheme, splitSchemes } from "../quant/split/registry";
import type { ConstantPart, SplitMatrix, SplitPart, SplitScheme } from "../quant/split/splitScheme";
import { storedType } from "../recipe/overrides";
import type { FilePlan, TensorPlan, WritePlan } from "../recipe/preflight";
import type { TypeOverride } from "../recipe/recipe";
import { tensorCategory } from "../recipe/tensorCategory";
import { ggufName } from "../recipe/tensorNames";
import type { Checkpoint } from "../tensor/checkpoint";
import { findDType } from "../tensor/dtype";
import { countValues, matrixShape, type TensorInfo } from "../tensor/tensorInfo";
import { quantizedConfig } from "./huggingFaceConfig";
import { groupShards, shardIndexFile, shardPaths } from "./safetensorsShards";

/** Float types a checkpoint can be written in throughout, by their names on the command line. */
const plainTypes = ["F32", "F16", "BF16"];

/** Everything a checkpoint can be written in as safetensors. */
export function safetensorsTypes(): string[] {
  return [...plainTypes, ...splitSchemes.map(({ id }) => id)];
}

export interface SafetensorsInput {
  checkpoint: Checkpoint;
  /** `F32`, `F16`, `BF16`, or a scheme with scales such as `fp8`; in any case. */
  type: string;
  /** Path of the weights' file. */
  out: string;
  /** Paths and contents of files that go with the weights; absent where only weights are written. */
  companions?: NonNullable<WritePlan["sidecars"]>;
  /** Path of the configuration's file; as `companions`. */
  config?: string;
  /** Bytes of tensor data in one file; absent for one file. */
  splitBytes?: number;
  /** Tensors that are not quantized, and the float types they get; see `parseUnquantized`. The first that matches decides. */
  overrides?: readonly TypeOverride[];
}

/** A value of another float type becomes one of this; integers and such stay what they are. */
function plainType(dtype: string, wanted: string): string {
  const family = findDType(dtype)?.family;
  return family === "float" || family === "block" ? wanted : dtype;
}

/** Linear layers inside the transformer: what quantizers of PyTorch checkpoints touch. */
function isLinear({ name, shape }: TensorInfo): boolean {
  const gguf = ggufName(name);
  return gguf !== undefined && shape.length === 2 && name.endsWith(".weight") && !["output", "embedding"].includes(tensorCategory(gguf));
}

/**
 * What writing a checkpoint as safetensors makes of each of its tensors, under the names they have, with the
 * configuration that says how they are stored.
 *
 * @throws UsageError `unknown-type`, `unreadable-tensor`; FormatError `safetensors.cannot-store`
 */
export function planSafetensors({
  checkpoint,
  type,
  out,
  companions = [],
  config,
  splitBytes,
  overrides = [],
}: SafetensorsInput): WritePlan {
  const plain = plainTypes.find((name) => name === type.toUpperCase());
  const split = findSplitScheme(type);
  if (!plain && !split) throw unknownType(type);
  const drafts = checkpoint.tensors.map((info) => {
    const override = overrides.find(({ pattern }) => pattern.test(info.name));
    return override ? givenDraft(checkpoint, info, override) : draftOf(checkpoint, info, plain, split);
  });
  const shards = groupShards(drafts, ({ entries }) => entries.reduce((sum, entry) => sum + partBytes(entry), 0), splitBytes);
  const names = shardPaths(out, shards.length);
  const files = shards.map((shard, index) => filePlan(names[index]!, shard));
  const tensors = files.flatMap((file) => file.tensors);
  const values = checkpoint.tensors.reduce((sum, { shape }) => sum + countValues(shape), 0);
  const stored = tensors.reduce((sum, { bytes }) => sum + bytes, 0);
  const entriesByFile = shards.map((shard) => shard.flatMap(({ entries }) => entries.map(({ name }) => name)));
  const sidecars = [
    ...(shards.length > 1 ? [shardIndexFile(out, names, entriesByFile, stored)] : []),
    ...(config === undefined
      ? []
      : [{ name: config, bytes: quantizedConfig(checkpoint, plain, split, skippedModules(checkpoint, drafts)) }]),
    ...companions,
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
    const own = tensor.split ? { ...tensor, split: { ...tensor.split, at: places[1]! } } : tensor;
    const rest = constants.map((constant, i) => ({ at: places[2 + i]!, tensor: constant }));
    return [{ at: places[0]!, tensor: own }, ...rest];
  });
  return { name, layout: { ...layout, offsets: placed.map(({ at }) => at) }, tensors: placed.map(({ tensor }) => tensor) };
}

interface Draft {
  tensor: TensorPlan;
  /** Of the file: the tensor itself, or codes, scales and what says how to read them. */
  entries: SafetensorsEntry[];
  constants: TensorPlan[];
}

/** Linear layers that a scheme would have quantized: loaders have to be told which of them are as they were. */
function skippedModules({ tensors }: Checkpoint, drafts: readonly Draft[]): string[] {
  return tensors.filter((info, place) => isLinear(info) && !drafts[place]!.tensor.split).map(({ name }) => name.replace(/\.weight$/, ""));
}

function givenDraft(checkpoint: Checkpoint, info: TensorInfo, { type: given, text }: TypeOverride): Draft {
  const { tensor, entries, constants } = draftOf(checkpoint, info, given === storedType ? undefined : given, undefined);
  return { tensor: { ...tensor, reason: { code: "override", values: [text] } }, entries, constants };
}

function draftOf(checkpoint: Checkpoint, info: TensorInfo, plain: string | undefined, split: SplitScheme | undefined): Draft {
  const { name, shape } = info;
  const source = sourceOf(checkpoint, info);
  const shared = { name, shape, from: info.dtype, source };
  const matrix: SplitMatrix = { ...matrixShape(shape), dtype: source.dtype };
  if (split && isLinear(info) && split.applies(matrix)) return splitDraft(shared, split, matrix);
  const isBlock = findDType(source.dtype)?.family === "block";
  const type = plainType(source.dtype, plain ?? (isBlock ? "F16" : source.dtype));
  const bytes = partBytes({ dtype: type, shape });
  const reason = type === source.dtype ? "kept" : "decoded";
  return { tensor: { ...shared, type, bytes, reason }, entries: [{ name, shape, dtype: type }], constants: [] };
}

function splitDraft(shared: Pick<TensorPlan, "name" | "shape" | "from" | "source">, split: SplitScheme, matrix: SplitMatrix): Draft {
  const { name } = shared;
  const [codes, scales, constants] = [split.codes(matrix), split.scales(matrix), split.constants(matrix)];
  const entries = [codes, scales, ...constants].map(({ suffix, dtype, shape }) => ({ name: `${name}${suffix}`, dtype, shape }));
  const bytes = partBytes(codes) + partBytes(scales);
  const tensor = {
    ...shared,
    type: codes.dtype,
    bytes,
    reason: { code: "linearLayer", values: [split.id] } as const,
    split: { scheme: split.id, at: 0 },
  };
  return { tensor, entries, constants: constants.map((part) => constantPlan(`${name}${part.suffix}`, part)) };
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

function unknownType(type: string): UsageError {
  const known = [...plainTypes.map((name) => name.toLowerCase()), ...splitSchemes.map(({ id }) => id)].join(", ");
  return new UsageError("unknown-type", `"${type}" is no type to write a safetensors checkpoint in`, { found: type, expected: known });
}
