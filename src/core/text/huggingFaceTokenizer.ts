import type { ModelFiles } from "../convert/vocabulary/modelFiles";
import { readSentencePiece } from "../convert/vocabulary/sentencePiece";
import { isTemplated, textOf } from "../convert/vocabulary/specialTokens";
import { tokenizerRules } from "./libraryTokenizer";
import { scoredTokenizer } from "./scoredTokenizer";
import type { Tokenizer } from "./tokenizer";

/**
 * The tokenizer of a Hugging Face folder: tokenizer.json if it is there, else the SentencePiece model; undefined without either.
 *
 * @throws FormatError `tokenizer.bad`
 */
export function huggingFaceTokenizer(files: ModelFiles): Tokenizer | undefined {
  const { tokenizer, tokenizerConfig: config, sentencePiece } = files;
  if (tokenizer) return fromDefinition(files);
  if (!sentencePiece) return undefined;
  const { pieces, addDummyPrefix } = readSentencePiece(sentencePiece);
  const idOf = (token: unknown): number | undefined => {
    const id = pieces.findIndex(({ text }) => text === textOf(token));
    return id < 0 ? undefined : id;
  };
  return scoredTokenizer({
    pieces,
    prefixesSpace: typeof config.add_prefix_space === "boolean" ? config.add_prefix_space : addDummyPrefix,
    bosId: idOf(config.bos_token ?? "<s>"),
    eosId: idOf(config.eos_token ?? "</s>"),
    addsBos: config.add_bos_token !== false,
    addsEos: config.add_eos_token === true,
    file: "tokenizer.model",
  });
}

function fromDefinition({ tokenizer, tokenizerConfig: config }: ModelFiles): Tokenizer {
  const rules = tokenizerRules(tokenizer!, config, "tokenizer.json");
  const bosText = textOf(config.bos_token);
  const bosId = bosText === undefined ? undefined : rules.find(bosText);
  const templated = isTemplated(tokenizer!.post_processor, config.bos_token, "bos") === true;
  // Loaders of the Llama kind put into the template what the configuration says.
  const addsBos = bosId !== undefined && (typeof config.add_bos_token === "boolean" ? config.add_bos_token : templated);
  return {
    vocabularySize: rules.vocabularySize,
    ...(bosId === undefined ? {} : { bosId }),
    addsBos,
    encode(text, { addSpecial = false } = {}) {
      const ids = rules.encode(text, addSpecial);
      if (!addSpecial || addsBos === templated) return Int32Array.from(ids);
      return Int32Array.from(addsBos ? [bosId, ...ids] : ids.slice(1));
    },
    decode: (ids) => rules.decode(Array.from(ids)),
    piece: (id) => rules.piece(id),
  };
}
