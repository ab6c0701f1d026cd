import { UsageError } from "../errors";
import { findDType } from "../tensor/dtype";
import { parseAffine } from "./affine";
import { parseBinary, ternary } from "./binary";
import { parseBlockwise } from "./bitsandbytes";
import { nearestNames } from "./editDistance";
import { floatSchemes } from "./float";
import { iq1m } from "./ggml/iq/iq1m";
import { iq1s } from "./ggml/iq/iq1s";
import { iq2s } from "./ggml/iq/iq2s";
import { iq2xs } from "./ggml/iq/iq2xs";
import { iq2xxs } from "./ggml/iq/iq2xxs";
import { iq3s } from "./ggml/iq/iq3s";
import { iq3xxs } from "./ggml/iq/iq3xxs";
import { iq4nl } from "./ggml/iq4nl";
import { iq4xs } from "./ggml/iq4xs";
import { mxfp4 } from "./ggml/mxfp4";
import { nvfp4 } from "./ggml/nvfp4";
import { q1_0 } from "./ggml/q1_0";
import { q2_0 } from "./ggml/q2_0";
import { q2K } from "./ggml/q2K";
import { q3K } from "./ggml/q3K";
import { q4_0 } from "./ggml/q4_0";
import { q4_1 } from "./ggml/q4_1";
import { q4K } from "./ggml/q4K";
import { q5_0 } from "./ggml/q5_0";
import { q5_1 } from "./ggml/q5_1";
import { q5K } from "./ggml/q5K";
import { q6K } from "./ggml/q6K";
import { q8_0 } from "./ggml/q8_0";
import { tq1_0 } from "./ggml/tq1_0";
import { tq2_0 } from "./ggml/tq2_0";
import { parseHqq } from "./hqq";
import { llmInt8 } from "./llmInt8";
import { mxSchemes } from "./mx";
import type { AffineScheme, BlockwiseScheme, ByteScheme, FloatScheme, HqqScheme, Scheme, ValueScheme } from "./scheme";

const ggmlSchemes: readonly ByteScheme[] = [
  ...[q8_0, q6K, q5K, q5_1, q5_0, q4K, q4_1, q4_0, iq4nl, nvfp4, iq4xs, mxfp4],
  ...[q3K, iq3s, iq3xxs, q2K, iq2s, iq2xs, q2_0, iq2xxs, tq2_0, iq1m, tq1_0, iq1s, q1_0],
];

const byteSchemes: readonly ByteScheme[] = [...floatSchemes, ...ggmlSchemes];

/** The affine schemes offered in lists; any other combination works by name. */
const listedAffine = [
  "int8",
  "int8-sym",
  "int8-channel",
  "int8-sym-channel",
  "int4",
  "int4-p99.9",
  "int4-mse",
  "int4-kl",
  "int4-channel",
  "int4-g128",
  "int4-g64",
  "int4-g32",
  "int4-sym-g128",
  "int3-g128",
  "int2-g64",
];

const valueSchemes: readonly ValueScheme[] = [...mxSchemes, llmInt8, ternary];

/** What composed names stand for. */
function parseName(id: string): Scheme | undefined {
  return parseAffine(id) ?? parseBlockwise(id) ?? parseHqq(id) ?? parseBinary(id);
}

/** The composed names offered in lists beside the affine ones. */
const listedNames = ["nf4", "nf4-dq", "fp4", "fp4-dq", "dynamic8", "hqq8-g64", "hqq4-g64", "hqq3-g64", "hqq2-g64", "binary", "binary-g128"];

const listed: readonly Scheme[] = [...byteSchemes, ...[...listedAffine, ...listedNames].map((id) => parseName(id)!), ...valueSchemes];

const byName = new Map<string, Scheme>([...byteSchemes, ...valueSchemes].map((scheme) => [scheme.id.toLowerCase(), scheme]));

/** Every scheme offered to users, widest first within its family. */
export function listSchemes(): readonly Scheme[] {
  return listed;
}

/**
 * The scheme called `id`, in any case, or undefined. Names with parameters are composed (`int5-sym-g64`, `nf4-b128-dq`), see
 * {@link parseAffine}, {@link parseBlockwise}, {@link parseHqq} and {@link parseBinary}.
 */
export function knownScheme(id: string): Scheme | undefined {
  return byName.get(id.toLowerCase()) ?? parseName(id);
}

/**
 * The {@link knownScheme} of a name.
 *
 * @throws UsageError `unknown-type`, naming the nearest known names
 */
export function findScheme(id: string): Scheme {
  const scheme = knownScheme(id);
  if (scheme) return scheme;
  const nearest = nearestNames(
    id,
    listed.map((known) => known.id),
  );
  const hint = nearest.length > 0 ? `Did you mean ${nearest.join(", ")}?` : `Known types: ${listed.map((known) => known.id).join(", ")}.`;
  throw new UsageError("unknown-type", `${whyUnknown(id)} ${hint}`, {
    found: id,
    expected: nearest.join(", ") || undefined,
    hint,
  });
}

/** llama-quantize's names of mixtures, which give each tensor a type of its own. */
const mixture = /^i?q\d_(k_)?(xxs|xs|s|m|l)$/i;

function whyUnknown(id: string): string {
  if (findDType(id.toUpperCase())?.family === "block") return `The quantizer of "${id}" is not built in.`;
  if (mixture.test(id)) return `"${id}" is a mixture of quantization types, not one.`;
  return `There is no quantization type "${id}".`;
}

/** True for schemes whose stored bytes are defined. */
export function isByteScheme(scheme: Scheme): scheme is ByteScheme {
  return "quantizeRows" in scheme;
}

/** True for schemes that quantize nothing without an importance matrix. */
export function requiresImportance(scheme: Scheme): boolean {
  return isByteScheme(scheme) && scheme.needsImportance === true;
}

/** True for schemes known by what they make of values. */
export function isValueScheme(scheme: Scheme): scheme is ValueScheme {
  return "fakeQuantize" in scheme;
}

/** True for codes into a table with a scale a block. */
export function isBlockwiseScheme(scheme: Scheme): scheme is BlockwiseScheme {
  return "book" in scheme;
}

/** True for plain floating-point storage. */
export function isFloatScheme(scheme: Scheme): scheme is FloatScheme {
  return "overflowFrom" in scheme;
}

/** True for HQQ, with searched zero-points or without. */
export function isHqqScheme(scheme: Scheme): scheme is HqqScheme {
  return "hqqBits" in scheme;
}

/** True for integer codes with a scale and a zero-point for a tensor, a row, or a group. */
export function isAffineScheme(scheme: Scheme): scheme is AffineScheme {
  return scheme.family === "affine";
}
