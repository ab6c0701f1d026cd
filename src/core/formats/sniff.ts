import { FormatError } from "../errors";
import type { RandomAccessFile } from "../file";
import { headBytes } from "./checkpointFormat";
import { countBytes, decodeUtf8, hexBytes, quoteName } from "./text";

/** What a file that is no checkpoint of ours turns out to be, and what its owner can do. */
interface Foreign {
  readonly code: string;
  /** Completes the sentence `"x" is …`. */
  readonly what: string;
  readonly hint: string;
  readonly expected?: string;
  readonly found?: string;
}

/** Formats as users call them. */
const readable = ["safetensors", "GGUF", "PyTorch", "NumPy", "ONNX", "TensorFlow Lite", "HDF5", "Keras"];

/** The sentence that says which files can be opened. */
export const whatWeRead = `Quantscope reads ${readable.slice(0, -1).join(", ")} and ${readable[readable.length - 1]}.`;

const tailBytes = 65_536;

const downloadAgain = "Open the address in a browser to see what it says, log in if it asks for it, and download the file again.";
const lookAtText =
  "A checkpoint is no text. Look at it in a text editor: if it tells where the weights are, open those, else copy or download the file again.";
const unpack = "Unpack it first, then open the checkpoint inside.";
const regenerate = "Convert the original model again with llama.cpp's convert_hf_to_gguf.py.";

/** Magic numbers at the start of files, as latin1 text. The first that fits wins. */
const signatures: readonly (readonly [offset: number, magic: string, foreign: Foreign])[] = [
  [0, "lmgg", { code: "sniff.ggml", what: 'a "ggml" file from before GGUF', hint: regenerate }],
  [0, "fmgg", { code: "sniff.ggml", what: 'a "ggmf" file from before GGUF', hint: regenerate }],
  [0, "tjgg", { code: "sniff.ggml", what: 'a "ggjt" file from before GGUF', hint: regenerate }],
  [0, "algg", { code: "sniff.ggml", what: 'a "ggla" adapter file from before GGUF', hint: regenerate }],
  [0, "\x1f\x8b", { code: "sniff.compressed", what: "compressed with gzip", hint: unpack }],
  [0, "\x28\xb5\x2f\xfd", { code: "sniff.compressed", what: "compressed with zstd", hint: unpack }],
  [0, "\xfd7zXZ\0", { code: "sniff.compressed", what: "compressed with xz", hint: unpack }],
  [0, "BZh", { code: "sniff.compressed", what: "compressed with bzip2", hint: unpack }],
  [0, "7z\xbc\xaf\x27\x1c", { code: "sniff.compressed", what: "a 7-Zip archive", hint: unpack }],
];

/** Members of the tar archives that PyTorch wrote before version 0.4. */
const oldTorchMembers = ["sys_info", "pickle", "storages", "tensors"];
const oldTorch: Foreign = {
  code: "sniff.torch-tar",
  what: "a PyTorch checkpoint in the tar format from before 0.4",
  hint: "Load it with a PyTorch that still reads it, and save it again with torch.save.",
};

/** How servers begin when they send an error in the place of a file. */
const serverMessage =
  /^(entry |repository |page )?not found|^(http\/\S+ )?[45]\d\d\b|^(access|permission) (to|denied)|^forbidden|^unauthorized|^invalid |^(internal )?server error|^bad (request|gateway)|^too many requests|^rate limit/i;

/** Control characters other than white space, which text does not have. */
const controlCharacters = /[^\P{Cc}\s]/u;

/** The first bytes of a file: what formats are recognized by. */
export async function readHead(file: RandomAccessFile): Promise<Uint8Array> {
  const head = new Uint8Array(Math.min(headBytes, file.size));
  await file.read(0, head);
  return head;
}

/** The error that says what a file is, since it is no checkpoint of a format we read. Goes by content alone. */
export async function refuse(file: RandomAccessFile, head: Uint8Array): Promise<FormatError> {
  const foreign = (await identify(file, head)) ?? {
    code: "sniff.unknown",
    what: "of no format that Quantscope knows",
    hint: "If it should be a checkpoint, its start is damaged: compare its checksum with the publisher's, or download it again.",
  };
  return new FormatError(foreign.code, `${quoteName(file.name)} is ${foreign.what}. ${whatWeRead}`, {
    file: file.name,
    offset: 0,
    expected: foreign.expected ?? "a checkpoint",
    found: foreign.found ?? hexBytes(head),
    hint: foreign.hint,
  });
}

async function identify(file: RandomAccessFile, head: Uint8Array): Promise<Foreign | undefined> {
  if (file.size === 0) {
    return {
      code: "sniff.empty",
      what: "empty",
      found: "0 bytes",
      hint: "The download did not start, or the disk is full. Download it again.",
    };
  }
  const start = latin1(head);
  const signature = signatures.find(([offset, magic]) => start.startsWith(magic, offset));
  if (signature) return signature[2];
  const isTar = start.startsWith("ustar", 257);
  if (isTar && oldTorchMembers.some((name) => start.startsWith(`${name}\0`) || start.startsWith(`./${name}\0`))) return oldTorch;
  if (isTar) return { code: "sniff.tar", what: "a tar archive", hint: unpack };
  if (start.startsWith("PK\x03\x04") || start.startsWith("PK\x05\x06")) return { code: "sniff.zip", what: "a zip archive", hint: unpack };
  if (head.every((byte) => byte === 0)) return identifyZeros(file);
  return identifyText(head, file.size);
}

async function identifyZeros(file: RandomAccessFile): Promise<Foreign> {
  const block = new Uint8Array(Math.min(tailBytes, file.size));
  let isZero = true;
  for (const position of [0, 0.5, 1]) {
    await file.read(Math.floor((file.size - block.length) * position), block);
    isZero &&= block.every((byte) => byte === 0);
  }
  return {
    code: isZero ? "sniff.all-zero" : "sniff.zero-start",
    what: isZero ? "filled with zeros" : "zero where its header should be",
    found: isZero ? `${countBytes(file.size)}, all zero` : "zeros",
    hint: "A download that reserved the file but never filled it leaves it so. Download it again.",
  };
}

function identifyText(head: Uint8Array, size: number): Foreign | undefined {
  const text = headText(head);
  if (text === undefined) return undefined;
  const trimmed = text.trimStart();
  const firstLine = trimmed.split(/\r?\n/, 1)[0]!.slice(0, 100);
  if (trimmed.startsWith("version https://git-lfs")) return lfsPointer(trimmed);
  if (/^<(!doctype\s+html|html|head|body)/i.test(trimmed)) {
    return { code: "sniff.html", what: "a web page, not the file it should be", found: firstLine, hint: downloadAgain };
  }
  if (/^<\s*ir_version\s*:/.test(trimmed) || /^\{\s*"ir_?[vV]ersion"\s*:/.test(trimmed)) {
    const hint = "Load it with onnx.load and save it again as .onnx.";
    return { code: "sniff.onnx-text", what: "an ONNX model written as text", found: firstLine, hint };
  }
  if (trimmed.startsWith("<"))
    return { code: "sniff.xml", what: "an XML document, as servers send with an error", found: firstLine, hint: downloadAgain };
  if (/^[{[]/.test(trimmed)) {
    return { code: "sniff.json", what: "a JSON file", found: firstLine, hint: "Open the weights beside it, or their folder." };
  }
  const hint = serverMessage.test(trimmed) ? downloadAgain : lookAtText;
  return { code: "sniff.text", what: "a text file", found: `${countBytes(size)} of text: ${firstLine}`, hint };
}

function lfsPointer(text: string): Foreign {
  const oid = /^oid (\S+)$/m.exec(text)?.[1];
  const size = /^size (\d+)$/m.exec(text)?.[1];
  return {
    code: "sniff.lfs-pointer",
    what: "a Git LFS pointer: it stands for the real file, which was not downloaded",
    expected: size ? `a file of ${countBytes(Number(size))}` : undefined,
    found: oid ? `a pointer to ${oid}${size ? ` of ${countBytes(Number(size))}` : ""}` : "a pointer",
    hint: 'Run "git lfs install" and "git lfs pull" in the repository, or download the file from its page.',
  };
}

/** The head as text, or undefined when it has control characters or is not UTF-8. Its last character may be cut. */
function headText(head: Uint8Array): string | undefined {
  for (let cut = 0; cut <= 3 && cut < head.length; cut++) {
    const text = decodeUtf8(head.subarray(0, head.length - cut));
    if (text !== undefined) return controlCharacters.test(text) ? undefined : text.replace(/^\uFEFF/, "");
  }
  return undefined;
}

function latin1(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return text;
}
