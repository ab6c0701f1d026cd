/**
 * Models that read all of their input at once and keep no keys and values: by `model_type` of transformers, or the architectures
 * for which llama.cpp makes no cache (`llama_model::create_memory`).
 */
const encoders =
  /bert|electra|^(canine|clip(_(text|vision)_model)?|data2vec-text|deit|dinov2|dream|ernie|esm|funnel|gemma-embedding|layoutlm(v[23])?|llada(-moe)?|longformer|mpnet|new|nezha|nystromformer|roformer|siglip(_(text|vision)_model)?|splinter|swin|t5encoder|vit|wav2vec2|wavlm|xlm|xmod)$/;

/** Models of an encoder and a decoder. transformers' configurations of these say `is_encoder_decoder`, but not all files do. */
const encoderDecoders = new Set(
  (
    "bart bigbird_pegasus blenderbot blenderbot-small encoder-decoder florence2 led longt5 m2m_100 marian mbart moonshine mt5 mvp nllb-moe " +
    "pegasus pegasus_x pix2struct plbart prophetnet seamless_m4t speech-encoder-decoder speech_to_text switch_transformers t5 t5gemma umt5 " +
    "vision-encoder-decoder whisper"
  ).split(" "),
);

export const isEncoder = (family: string): boolean => encoders.test(family) && family !== "modernbert-decoder";
export const isEncoderDecoder = (family: string): boolean => encoderDecoders.has(family);

/** Models all of whose layers keep a state. Jamba and others that have both kinds of layers are known by their settings. */
export function isStateModel(family: string): boolean {
  return /^(rwkv|mamba|falcon_mamba|xlstm|retnet|recurrent_gemma)/.test(family);
}
