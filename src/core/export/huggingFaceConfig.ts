import { FormatError } from "../errors";
import { JsonScanner } from "../formats/jsonScanner";

/** PyTorch's names of float types. */
const torchTypes: Readonly<Record<string, string>> = { F32: "float32", F16: "float16", BF16: "bfloat16" };

/**
 * A number that Python has to read as a float: its loaders tell 6.0 from 6, which JavaScript does not.
 */
export class JsonFloat {
  constructor(private readonly value: number) {}

  toJSON(): string {
    return `\u0001${Number.isInteger(this.value) ? this.value.toFixed(1) : String(this.value)}`;
  }
}

const markedFloat = /"\\u0001([^"]*)"/g;

/**
 * The config.json of a checkpoint, saying how its weights are stored now. Everything else stays as it is spelled.
 *
 * @param text of the config.json that the checkpoint has; undefined without one
 * @param dtype the float type of the tensors that are not quantized; undefined where there are several
 * @param quantization its `quantization_config`
 * @throws FormatError `config.missing`
 */
export function modelConfig(text: string | undefined, dtype: string | undefined, quantization: object | undefined): Uint8Array {
  if (text === undefined) {
    throw new FormatError("config.missing", "There is no config.json beside the weights to say how they are stored", {
      file: "config.json",
      hint: "Write a single .safetensors file instead of a folder.",
    });
  }
  const members = membersOf(text);
  members.delete("quantization_config");
  const key = members.has("dtype") ? "dtype" : "torch_dtype";
  if (dtype !== undefined) members.set(key, JSON.stringify(torchTypes[dtype]));
  if (quantization) members.set("quantization_config", jsonText(quantization).replaceAll("\n", "\n  "));
  const lines = [...members].map(([name, value]) => `  ${JSON.stringify(name)}: ${value}`);
  return new TextEncoder().encode(`{\n${lines.join(",\n")}\n}\n`);
}

/** The members of a JSON object, each value as it is spelled. */
function membersOf(text: string): Map<string, string> {
  const scanner = new JsonScanner(text);
  const members = new Map<string, string>();
  scanner.object((name) => {
    scanner.kind();
    members.set(name, scanner.skip());
  });
  return members;
}

/** A JSON document as a file, as people read it. */
export function jsonFile(document: object): Uint8Array {
  return new TextEncoder().encode(`${jsonText(document)}\n`);
}

function jsonText(document: object): string {
  return JSON.stringify(document, undefined, 2).replace(markedFloat, "$1");
}
