import { parseAffine } from "../quant/affine";
import { nestedBlock, parseBlockwise } from "../quant/bitsandbytes";
import { parseHqq } from "../quant/hqq";
import { findScheme, listSchemes } from "../quant/registry";
import type { AffineScheme, BlockwiseScheme, HqqScheme, Scheme } from "../quant/scheme";
import { type FileType, findFileType } from "../recipe/fileTypes";
import { type DType, findDType } from "../tensor/dtype";

/** Every weight matrix in one format: its bytes for a matrix, and its rate where that does not depend on the shape. */
interface MatricesType {
  kind: "matrices";
  id: string;
  label: string;
  /** Of the codes alone. */
  codeBits: number;
  bitsPerWeight?: number;
  bytes(shape: readonly number[]): number;
}

/**
 * A way to store a whole model that the estimator can size. `nominal`: the width of the codes alone, as models are spoken
 * of. `matrices`: every weight matrix in one format, the rest as it is. `gguf`: a GGUF file, uniform (`dtype`) or as
 * llama-quantize mixes it (`fileType`); names such as Q4_0 mean both.
 */
export type StorageType =
  | { kind: "nominal"; id: string; label: string; bits: number }
  | MatricesType
  | { kind: "gguf"; id: string; label: string; dtype?: DType; fileType?: FileType };

function nominal(id: string, label: string, bits: number): StorageType {
  return { kind: "nominal", id, label, bits };
}

/** Sizes come from the scheme itself, so that an estimate and a table of errors never differ. */
function matrices({ id, label, bytes }: Scheme, codeBits: number, bitsPerWeight?: number): MatricesType {
  return { kind: "matrices", id, label, codeBits, bitsPerWeight, bytes };
}

/** A scheme of whole bits whose scales take less than one a weight. */
function wholeBits(scheme: Scheme): MatricesType {
  const values = 2 ** 20;
  return matrices(scheme, Math.floor((8 * scheme.bytes([1, values])) / values));
}

function affine(scheme: AffineScheme): StorageType {
  const { granularity, bits, symmetric } = scheme;
  const perRange = 16 + (symmetric ? 0 : bits);
  return matrices(scheme, bits, granularity.kind === "group" ? bits + perRange / granularity.size : undefined);
}

function blockwise(scheme: BlockwiseScheme): StorageType {
  const { book, blockSize, nested } = scheme;
  const perBlock = nested ? 8 + 32 / nestedBlock : 32;
  const bits = Math.log2(book.values.length);
  return matrices(scheme, bits, bits + perBlock / blockSize);
}

function hqq(scheme: HqqScheme): StorageType {
  const { hqqBits, blockSize } = scheme;
  const bits = hqqBits === 3 ? 3.2 : hqqBits;
  return matrices(scheme, bits, bits + 32 / blockSize);
}

function float8(id: string): StorageType {
  return matrices(findScheme(id), 8, 8);
}

function gguf(id: string): StorageType {
  const dtype = findDType(id);
  const fileType = findFileType(id);
  const blocks = dtype && dtype.blockSize > 1 ? `ggml blocks of ${dtype.blockSize}` : "GGUF file";
  return { kind: "gguf", id, label: dtype ? `${id} · ${blocks}` : `${id} · GGUF file, mostly ${fileType?.base ?? id}`, dtype, fileType };
}

// Widest first. Activation formats (Q8_1, Q8_K) are left out: no file stores weights in them.
const ggufNames =
  "Q8_0 Q6_K Q5_1 Q5_K_M Q5_K_S Q5_K Q5_0 Q4_1 Q4_K_M Q4_K_S Q4_K Q4_0 IQ4_NL NVFP4 IQ4_XS MXFP4 Q3_K_L Q3_K_M IQ3_M Q3_K_S Q3_K IQ3_S " +
  "IQ3_XS IQ3_XXS Q2_K Q2_K_S IQ2_M IQ2_S Q2_0 IQ2_XS TQ2_0 IQ2_XXS IQ1_M TQ1_0 IQ1_S Q1_0";

/** What an estimate lists when no types are asked for, in order. */
export const listedStorageTypes: readonly StorageType[] = [
  nominal("FP32", "FP32 · 4 bytes a weight", 32),
  nominal("FP16", "FP16 / BF16 · 2 bytes a weight", 16),
  nominal("INT8", "INT8 · 1 byte a weight, without scales", 8),
  nominal("INT4", "INT4 · half a byte a weight, without scales", 4),
  float8("fp8-e4m3"),
  ...["int8-channel", "int4-g128", "int4-g32"].map((id) => affine(parseAffine(id)!)),
  ...["nf4", "nf4-dq"].map((id) => blockwise(parseBlockwise(id)!)),
  ...ggufNames.split(" ").map(gguf),
];

const unlisted: readonly StorageType[] = [
  float8("fp8-e5m2"),
  ...["fp4", "fp4-dq"].map((id) => blockwise(parseBlockwise(id)!)),
  wholeBits(findScheme("llm-int8")),
  ...["F32", "F16", "BF16", "MXFP4_MOE"].map(gguf),
];

const all: readonly StorageType[] = [...listedStorageTypes, ...unlisted];

const known = new Set(all.map(({ id }) => id.toLowerCase()));

/** Every way to store a model that is listed anywhere: nominal widths, all schemes of the registry, all file types of llama.cpp. */
export const everyStorageType: readonly StorageType[] = [
  ...all,
  ...listSchemes()
    .filter(({ id }) => !known.has(id.toLowerCase()))
    .map((scheme) => composed(scheme.id) ?? wholeBits(scheme)),
];

/** Names of every type the estimator knows; affine, bitsandbytes and HQQ names can also be composed. */
export const storageTypeNames: readonly string[] = all.map(({ id }) => id);

function composed(name: string): StorageType | undefined {
  const scheme = parseAffine(name);
  if (scheme) return affine(scheme);
  const codebook = parseBlockwise(name);
  if (codebook) return blockwise(codebook);
  const half = parseHqq(name);
  return half && hqq(half);
}

/**
 * The types a name stands for, in any case: the type itself and its listed variants (`int4` is INT4, int4-g128 and
 * int4-g32). Empty for an unknown name.
 */
export function findStorageTypes(name: string): StorageType[] {
  const asked = name.toLowerCase();
  const matching = all.filter(({ id }) => id.toLowerCase() === asked || id.toLowerCase().startsWith(`${asked}-`));
  if (matching.length > 0) return matching;
  const made = composed(name);
  return made ? [made] : [];
}

/** The types whose names begin with `start` (2 characters or more): what an unfinished word may become. */
export function completeStorageTypes(start: string): StorageType[] {
  const asked = start.toLowerCase();
  return asked.length < 2 ? [] : all.filter(({ id }) => id.toLowerCase().startsWith(asked));
}
