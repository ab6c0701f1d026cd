import { configOf, ConfigReader } from "../../convert/config";
import { FormatError } from "../../errors";
import { type GraphValue, readSignature, type Signature } from "../../formats/onnx/signature";
import { PagedReader } from "../../formats/pagedReader";
import type { Checkpoint } from "../../tensor/checkpoint";
import type { ReadableSequences } from "../sequences";

/** What an input of a language model is for. */
export type OnnxRole = "ids" | "mask" | "positions" | "past" | "usesPast" | "keptLogits";

/** One input of the graph: plain data, so that it can be sent to another process. */
export interface OnnxInput {
  readonly name: string;
  readonly role: OnnxRole;
  readonly dtype: "I64" | "I32" | "F32" | "F16" | "BOOL";
  /** Of keys and values of earlier tokens: with none of these. Of the others, what follows from the ids. */
  readonly shape: readonly number[];
}

/** What has to be known of a causal language model in an ONNX file to run it: the graph itself is ONNX Runtime's. */
export interface OnnxDescription extends ReadableSequences {
  readonly inputs: readonly OnnxInput[];
  readonly logits: { readonly name: string; readonly dtype: "F32" | "F16" };
}

const integers = ["I64", "I32"] as const;
const floats = ["F32", "F16"] as const;

/** Inputs by the names that optimum, transformers.js and ONNX Runtime's own builder give them. */
const roles: readonly { readonly names: RegExp; readonly role: OnnxRole; readonly dtypes: readonly OnnxInput["dtype"][] }[] = [
  { names: /^input_ids$/, role: "ids", dtypes: integers },
  { names: /^attention_mask$/, role: "mask", dtypes: integers },
  { names: /^position_ids$/, role: "positions", dtypes: integers },
  { names: /^past_key_values\./, role: "past", dtypes: floats },
  { names: /^use_cache_branch$/, role: "usesPast", dtypes: ["BOOL"] },
  { names: /^num_logits_to_keep$/, role: "keptLogits", dtypes: integers },
];

const expectedInputs = "input_ids, and of attention_mask, position_ids and past_key_values.* those that it needs";
const expectedLogits = "logits with three dimensions, of the type F32 or F16: sequences, tokens, vocabulary";

/**
 * What the graph of an ONNX file takes and gives, if that is what causal language models do.
 *
 * @throws FormatError `onnx.no-language-model`, `onnx.bad-message`
 */
export async function describeOnnx(checkpoint: Checkpoint): Promise<OnnxDescription> {
  const file = checkpoint.files[0]!.file!;
  const signature = await readSignature(new PagedReader(file));
  // Up to version 3, weights are inputs that have a value already.
  const weights = new Set(checkpoint.tensors.map(({ name }) => name));
  return describeSignature({ ...signature, inputs: signature.inputs.filter(({ name }) => !weights.has(name)) }, checkpoint);
}

function describeSignature({ inputs, outputs }: Signature, checkpoint: Checkpoint): OnnxDescription {
  const config = new ConfigReader(checkpoint.config ? configOf(checkpoint) : {});
  const refuse = (what: string, expected: string, found: readonly GraphValue[]): FormatError =>
    new FormatError("onnx.no-language-model", `"${checkpoint.name}" cannot be run on a text: ${what}`, {
      file: checkpoint.name,
      expected,
      found: found.length > 0 ? found.slice(0, shownValues).map(valueText).join(", ") : "none",
      hint: "Export it as a causal language model, such as by optimum's task text-generation.",
    });
  const taken = inputs.map((value) => takenAs(value) ?? value);
  const unknown = taken.filter((value): value is GraphValue => !("role" in value));
  if (unknown.length > 0) throw refuse("its graph takes what no text gives", expectedInputs, unknown);
  const known = taken.filter((value): value is OnnxInput => "role" in value);
  const ids = inputs.find(({ name }) => name === "input_ids");
  if (ids?.shape?.length !== 2) throw refuse("its graph takes no token ids", "input_ids with two dimensions", inputs);
  const logits = outputs.find(({ name }) => name === "logits");
  const dtype = floats.find((type) => type === logits?.dtype);
  if (!dtype || logits?.shape?.length !== 3) throw refuse("its graph gives no logits", expectedLogits, logits ? [logits] : outputs);
  const columns = logits.shape[2]!;
  const vocabulary = typeof columns === "number" ? columns : config.number("vocab_size");
  if (vocabulary === undefined || vocabulary < 1) {
    throw refuse("the size of its vocabulary is not known", "a number as the last dimension of logits, or vocab_size in config.json", [
      logits,
    ]);
  }
  const length = ids.shape[1]!;
  // Without either, how long sequences may be is not known.
  const context = config.number("max_position_embeddings") ?? config.number("n_positions") ?? Infinity;
  return {
    vocabulary,
    ...(typeof length === "number" ? { context: length, length } : { context }),
    inputs: known,
    logits: { name: logits.name, dtype },
  };
}

/** Inputs or outputs that a message names. */
const shownValues = 8;

const valueText = ({ name, dtype, shape }: GraphValue): string => `${name} (${dtype}${shape ? ` ${shape.join("×")}` : ""})`.slice(0, 80);

/** Undefined for an input that a text says nothing about. */
function takenAs({ name, dtype, shape = [] }: GraphValue): OnnxInput | undefined {
  const found = roles.find(({ names }) => names.test(name));
  const type = found?.dtypes.find((one) => one === dtype);
  if (!found || !type) return undefined;
  if (found.role !== "past") return { name, role: found.role, dtype: type, shape: [] };
  // One sequence, and none of whatever else is open: the tokens before.
  const empty = shape.map((length, i) => (typeof length === "number" ? length : i === 0 ? 1 : 0));
  return empty.includes(0) ? { name, role: "past", dtype: type, shape: empty } : undefined;
}
