const contraction = "(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])";
const word = "[^\\r\\n\\p{L}\\p{N}]?\\p{L}+";
const breaks = "\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
const marks = " ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*";
const gpt2 = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)";
const capitalized = "[^\\r\\n\\p{L}\\p{N}]?((?=[\\p{L}])([^a-z]))*((?=[\\p{L}])([^A-Z]))+";
const capitals = "[^\\r\\n\\p{L}\\p{N}]?((?=[\\p{L}])([^a-z]))+((?=[\\p{L}])([^A-Z]))*";
const marksOrSlash = " ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*";
const han = "[\\u4E00-\\u9FA5\\u0800-\\u4E00\\uAC00-\\uD7FF]+";
const asciiMarks = "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+";
const notMarks = " ?[^(\\s|.,!?\\u2026\\u3002\\uFF0C\\u3001\\u0964\\u06D4\\u060C)]+";

/** How a byte-level vocabulary cuts text into words before it merges inside them. */
export interface WordSplit {
  /** One after the other cut what the one before left: what matches, and what lies between, are words of their own. */
  readonly patterns: readonly string[];
  /** Whole words of the vocabulary are taken without merging. */
  readonly ignoresMerges?: boolean;
  /** Whether a text begins with the BOS token when the file does not say so. */
  readonly addsBos?: boolean;
}

const threeDigits: WordSplit = { patterns: [`${contraction}|${word}|\\p{N}{1,3}|${marks}|${breaks}`] };
const oneDigit: WordSplit = { patterns: [`${contraction}|${word}|\\p{N}|${marks}|${breaks}`] };
const plain: WordSplit = { patterns: [gpt2] };
const digitsFirst: WordSplit = { patterns: ["\\p{N}", gpt2] };
const llama3: WordSplit = { ...threeDigits, ignoresMerges: true, addsBos: true };
const gpt4o: WordSplit = {
  patterns: [`${capitalized}${contraction}?|${capitals}${contraction}?|\\p{N}{1,3}|${marksOrSlash}|${breaks}`],
};

/**
 * llama.cpp's names (`tokenizer.ggml.pre`) and the regular expressions behind them. Source: llama.cpp `src/llama-vocab.cpp`.
 * Expressions are in the form that it uses, which differs from the ones in tokenizer.json for capitals beyond ASCII.
 */
export const wordSplits: ReadonlyMap<string, WordSplit> = new Map([
  ["default", { patterns: ["[\\p{P}\\$\\+<=>\\^~\\|]+", gpt2, "\\p{N}+", "[0-9][0-9][0-9]"] }],
  ...named(["llama3", "llama-v3", "llama-bpe", "falcon3", "pixtral"], llama3),
  ...named(["dbrx", "smaug-bpe", "glm4", "chatglm-bpe"], threeDigits),
  ...named(["gpt-2", "phi-2", "jina-es", "jina-de", "jina-v2-es", "jina-v2-de", "mpt", "olmo", "jais", "exaone4", "trillion"], plain),
  ...named(["smollm", "starcoder", "refact", "command-r", "codeshell", "exaone", "minerva-7b"], digitsFirst),
  ...named(["qwen2", "deepseek-r1-qwen", "stablelm2", "megrez", "hunyuan"], oneDigit),
  ["tekken", { patterns: [`${capitalized}|${capitals}|\\p{N}|${marksOrSlash}|${breaks}`], ignoresMerges: true, addsBos: true }],
  ...named(["gpt-4o", "llama4"], gpt4o),
  [
    "deepseek-v3",
    {
      patterns: [
        "\\p{N}{1,3}",
        "[\\u4E00-\\u9FA5\\u3040-\\u309F\\u30A0-\\u30FF]+",
        `${asciiMarks}|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\\r\\n]*|${breaks}`,
      ],
    },
  ],
  ["deepseek-coder", { patterns: ["[\\r\\n]", "\\s?\\p{L}+", "\\s?\\p{P}+", han, "\\p{N}"] }],
  ["falcon", { patterns: ["[\\p{P}\\$\\+<=>\\^~\\|`]+", gpt2, "[0-9][0-9][0-9]"] }],
  ...named(["poro-chat", "bloom", "gpt3-finnish"], { patterns: [notMarks] }),
  ["viking", { patterns: [notMarks, "\\p{N}"] }],
  ["seed-coder", { patterns: [`${contraction}|${word}|\\p{N}{1}| ?[^\\s\\p{L}\\p{N}\\r\\n]+|${breaks}`] }],
]);

function named(names: readonly string[], split: WordSplit): [string, WordSplit][] {
  return names.map((name) => [name, split]);
}
