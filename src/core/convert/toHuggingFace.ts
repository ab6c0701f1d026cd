import { huggingFaceName } from "../recipe/tensorNames";
import type { Checkpoint } from "../tensor/checkpoint";
import { unavailability } from "../tensor/availability";
import type { TensorInfo } from "../tensor/tensorInfo";
import type { Architecture } from "./architecture";
import { sourceOf } from "./fromGguf";
import { GgufKeys } from "./ggufKeys";
import { architectures } from "./registry";

/** Tensors that are made of the configuration: that is where they go. */
const computed = /^rope_(freqs|factors_long|factors_short)\.weight$/;

/** A GGUF checkpoint with Hugging Face's tensors, or the reason why it keeps its own. */
export type NamedCheckpoint =
  { readonly checkpoint: Checkpoint; readonly architecture: Architecture } | { readonly checkpoint: Checkpoint; readonly reason?: string };

/**
 * The checkpoint with the names and the arithmetic of Hugging Face: what llama.cpp's converter did to queries, keys and norms is
 * undone. One whose architecture or tensors are not known comes back as it is, and so does any that is no GGUF file.
 *
 * @throws FormatError `config.bad-heads` where the header contradicts the tensors
 */
export function withHuggingFaceTensors(checkpoint: Checkpoint): NamedCheckpoint {
  if (checkpoint.format !== "gguf") return { checkpoint };
  const architecture = architectures.find(({ id }) => id === checkpoint.architecture);
  if (!architecture) {
    return { checkpoint, reason: `The names of llama.cpp stay: the architecture "${checkpoint.architecture ?? "unnamed"}" is not known` };
  }
  const keys = new GgufKeys(architecture.id, checkpoint);
  const tensors: TensorInfo[] = [];
  for (const info of checkpoint.tensors) {
    if (computed.test(info.name)) continue;
    const name = huggingFaceName(info.name, architecture.id);
    if (name === undefined) return { checkpoint, reason: `The names of llama.cpp stay: ${info.name} has no counterpart at Hugging Face` };
    tensors.push(restored(checkpoint, info, name, architecture, keys));
  }
  return { checkpoint: { ...checkpoint, tensors }, architecture };
}

function restored(checkpoint: Checkpoint, info: TensorInfo, name: string, { restore }: Architecture, keys: GgufKeys): TensorInfo {
  // What cannot be read is refused where it is written.
  if (!restore || unavailability(checkpoint, info) !== undefined) return { ...info, name };
  const source = sourceOf(checkpoint, info);
  const tensor = { name: info.name, shape: info.shape, source, kept: info.dtype, from: info.dtype };
  const back = restore(tensor, keys);
  return back === tensor ? { ...info, name } : { ...info, name, source: back.source };
}
