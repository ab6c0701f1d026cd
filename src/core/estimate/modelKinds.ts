const words = (text: string): ReadonlySet<string> => new Set(text.split(" "));

/**
 * Models that read all of their input at once and keep no keys and values: by `model_type` of transformers, or the architectures
 * for which llama.cpp makes no cache (`llama_model::create_memory`).
 */
const encoders = words(
  "albert bert camembert canine clip clip_text_model convbert data2vec-text deberta deberta-v2 deit dinov2 distilbert dream electra ernie " +
    "esm eurobert flaubert funnel gemma-embedding hubert jina-bert-v2 jina-bert-v3 layoutlm layoutlmv2 layoutlmv3 llada llada-moe longformer " +
    "megatron-bert mobilebert modern-bert modernbert mpnet neo-bert nezha nomic_bert nomic-bert nomic-bert-moe new nystromformer rembert " +
    "roberta roberta-prelayernorm roformer siglip siglip_text_model siglip_vision_model splinter squeezebert swin t5encoder vit " +
    "wav2vec2 wavlm xlm xlm-roberta xlm-roberta-xl xmod",
);

/** Models of an encoder and a decoder. transformers' configurations of these say `is_encoder_decoder`, but not all files do. */
const encoderDecoders = words(
  "bart bigbird_pegasus blenderbot blenderbot-small encoder-decoder florence2 led longt5 m2m_100 marian mbart moonshine mt5 mvp nllb-moe " +
    "pegasus pegasus_x pix2struct plbart prophetnet seamless_m4t speech-encoder-decoder speech_to_text switch_transformers t5 t5gemma umt5 " +
    "vision-encoder-decoder whisper",
);

export const isEncoder = (family: string): boolean => encoders.has(family);
export const isEncoderDecoder = (family: string): boolean => encoderDecoders.has(family);

/** Models all of whose layers keep a state. Jamba and others that have both kinds of layers are known by their settings. */
export function isStateModel(family: string): boolean {
  return /^(rwkv|mamba|falcon_mamba|xlstm|retnet|recurrent_gemma)/.test(family);
}
