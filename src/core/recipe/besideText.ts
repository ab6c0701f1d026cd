const parts = [
  ...["vision_tower", "vision_model", "visual", "vision_embed_tokens", "embed_vision", "image_newline"],
  ...["multi_modal_projector", "connector", "audio_tower", "embed_audio"],
];

const beside = new RegExp(`^(?:model\\.)?(?:${parts.join("|")})(?:\\.|$)`);

/**
 * Whether a tensor of a Hugging Face checkpoint belongs to what sees or hears, beside the language model. llama.cpp keeps that in a file
 * of its own (`mmproj`), and llama-quantize never meets it.
 */
export function isBesideText(name: string): boolean {
  return beside.test(name);
}
