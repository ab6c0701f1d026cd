/**
 * Why it is not known what a model caches.
 * `state`: some layers keep a state of fixed size instead of keys and values (state-space models, linear attention, convolutions).
 * `encoderDecoder`: the decoder keeps the encoder's result besides, which depends on the length of the input.
 * `index`: a sparse attention keeps an index besides, as large as the engine makes it (DeepSeek-V3.2).
 * `numbers`: a number of the configuration cannot be, or it gives numbers for each layer that are not read here.
 */
export type CacheUnknown = "state" | "encoderDecoder" | "index" | "numbers";

/** In English. The page's texts are translations of these. */
const texts: Readonly<Record<CacheUnknown, string>> = {
  state: "Not known: some layers keep a state of fixed size instead of keys and values, and nothing here says how large it is.",
  encoderDecoder:
    "Not known: beside its own keys and values the decoder keeps those of the encoder's tokens, and nothing here says how many these are.",
  index: "Not known: a sparse attention keeps an index besides, and how large engines make it is not known here.",
  numbers: "Not known: the configuration has a number of layers, heads or their width that cannot be read.",
};

/** Why a cache is not known, in English; undefined: nothing says what is kept. */
export function cacheUnknownText(why: CacheUnknown | undefined): string {
  return why === undefined ? "Not known: nothing says how many keys and values this model keeps." : texts[why];
}
