/** What naming a global in a pickle means for whoever loads it. */
export type GlobalSafety =
  /** PyTorch's safe loader (`weights_only=True`) allows it: it only builds data. */
  | "safe"
  /** The safe loader refuses it, but it is a class of a common library or of the user's own script that holds data. */
  | "refused"
  /** Anything else: code that a file chooses and gives arguments to. */
  | "unsafe";

/** What `torch/_weights_only_unpickler.py` allows, by pattern over `module.name`. */
const safe: readonly RegExp[] = [
  /^collections\.(OrderedDict|Counter)$/,
  /^(builtins|__builtin__)\.(set|frozenset|bytearray|complex)$/,
  /^_codecs\.encode$/,
  /^torch\.(Size|Tensor|device|strided|sparse_\w+|per_tensor_\w+|per_channel_\w+|contiguous_format|channels_last|preserve_format)$/,
  /^torch\.(cuda\.|sparse\.)?\w+(Storage|Tensor)$/,
  /^torch\.(bool|bfloat16|half|float|double|short|int|long|u?int\d+|float\d+\w*|c?float|complex\d+|q?u?int\d+(x\d+)?|quint8|qint8|qint32|bits\w+)$/,
  /^torch\.storage\.(UntypedStorage|TypedStorage)$/,
  /^torch\.nn\.parameter\.(Parameter|Buffer|UninitializedParameter|UninitializedBuffer)$/,
  /^torch\.serialization\._get_layout$/,
  /^torch\._utils\._rebuild_\w+$/,
  /^torch\._tensor\._rebuild_from_type_v2$/,
];

/** What TorchScript archives are made of. Their own loader reads these; it imports nothing of Python. */
const script: readonly RegExp[] = [/^__torch__\./, /^torch\.jit\._pickle\.\w+$/];

const refused: readonly RegExp[] = [
  /^__main__\./,
  /^numpy\.(_?core\.multiarray\.(_reconstruct|scalar)|ndarray|dtype|dtypes\.\w+)$/,
  /^pathlib\.(Pure)?(Posix|Windows)?Path$/,
  /^(collections\.(defaultdict|deque)|argparse\.Namespace|types\.SimpleNamespace|uuid\.UUID|decimal\.Decimal)$/,
  /^datetime\.(datetime|date|time|timedelta|timezone)$/,
  /^(copyreg|copy_reg)\._reconstructor$/,
  /^(builtins|__builtin__)\.(dict|list|tuple|int|float|str|bool|bytes|object|range|slice)$/,
  /^torch\.nn\.modules\.[\w.]+$/,
  /^torch\._tensor\._rebuild_from_type$/,
  /^(omegaconf|transformers\.(training_args|trainer_utils)|accelerate\.utils\.dataclasses)\.[\w.]+$/,
];

/** How far a global can be trusted. @param isScript whether it stands in a TorchScript archive */
export function globalSafety(name: string, isScript: boolean): GlobalSafety {
  const fits = (pattern: RegExp): boolean => pattern.test(name);
  if (safe.some(fits) || (isScript && script.some(fits))) return "safe";
  return refused.some(fits) ? "refused" : "unsafe";
}
