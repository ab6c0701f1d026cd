import { type Config, isRecord } from "./textConfig";
import { linear, type NamedShape } from "./namedShape";

/** What stands on a model: the words of its `architectures` say. */
export type HeadKind =
  | { kind: "language" }
  | { kind: "masked" }
  /** `isEncoder`: of a model with a decoder, the encoder alone. */
  | { kind: "none"; isEncoder?: boolean }
  /** So many classes of the whole text, or of each token. */
  | { kind: "classes"; count: number }
  | { kind: "tokens"; count: number }
  | { kind: "other" };

/** `ChatModel`: InternVL's own code. */
const language = /(ForCausalLM|LMHeadModel|ForConditionalGeneration|MTModel|ChatModel)$/;
/** Names of transformers for models with a head. Any other name is of code beside the weights, for models that write. */
const headed = /For[A-Z]\w*$|DoubleHeadsModel$/;

/** The head of a model by its `architectures`; `usual` where they say nothing. */
export function headOf(config: Config, usual: HeadKind): HeadKind {
  const architectures: unknown = config.architectures;
  const name: unknown = Array.isArray(architectures) ? architectures[0] : undefined;
  if (typeof name !== "string") return usual;
  if (language.test(name)) return { kind: "language" };
  if (name.endsWith("ForMaskedLM")) return { kind: "masked" };
  if (name.endsWith("ForSequenceClassification")) return { kind: "classes", count: labelsOf(config) };
  if (name.endsWith("ForTokenClassification")) return { kind: "tokens", count: labelsOf(config) };
  // Where an answer begins and where it ends. Of other numbers families make different things.
  if (name.endsWith("ForQuestionAnswering") && labelsOf(config) === 2) return { kind: "tokens", count: 2 };
  if (headed.test(name)) return { kind: "other" };
  if (!name.endsWith("Model")) return usual;
  return name.endsWith("EncoderModel") ? { kind: "none", isEncoder: true } : { kind: "none" };
}

/** transformers writes them only where they are not 2. */
function labelsOf({ id2label, num_labels: count }: Config): number {
  if (isRecord(id2label)) return Object.keys(id2label).length;
  return typeof count === "number" && Number.isSafeInteger(count) && count > 0 ? count : 2;
}

/** Tensors of a decoder with this head in the place of its output matrix; undefined where the head is not known. */
export function withHead(tensors: NamedShape[], head: HeadKind): NamedShape[] | undefined {
  // EuroBERT is a Llama, and its output matrix finds masked words.
  if (head.kind === "language" || head.kind === "masked") return tensors;
  const hidden = tensors[0]!.shape[1]!;
  const body = tensors.filter(({ name }) => !/^(lm_head|output)\./.test(name));
  if (head.kind === "none") return body;
  if (head.kind === "classes") return [...body, ...linear("score", head.count, hidden)];
  return head.kind === "tokens" ? [...body, ...linear("score", head.count, hidden, true)] : undefined;
}
