import { open, readFile } from "node:fs/promises";
import { basename } from "node:path";
import { FormatError } from "../../core/errors";
import { limits } from "../../core/limits";
import { writeFileAtomically } from "../../io/atomicFile";
import { explainNodeError } from "../../io/nodeErrors";

/** A linear layer that was quantized with calibration. */
export interface FinishedLayer {
  /** Name of the weight in the checkpoint. */
  readonly tensor: string;
  readonly rows: number;
  readonly columns: number;
  /** What quantizing changed of the outputs: the square of it, summed over the outputs, mean over the tokens. Of GPTQ with the damping. */
  readonly loss: number;
  /** Damping that was needed. */
  readonly damping: number;
  /** Columns without inputs. */
  readonly dead: number;
  /** For integers `codes`, `scales`, `zeros`, `groups`; for a ggml type `blocks`. */
  readonly parts: Readonly<Record<string, Uint8Array>>;
}

/** The same with its parts left in the file: byte offset and length of each. */
export interface StoredLayer extends Omit<FinishedLayer, "parts"> {
  readonly parts: Readonly<Record<string, { readonly offset: number; readonly bytes: number }>>;
}

/** Bytes of the number that begins a file: those of the description after it. */
const lengthBytes = 8;

/** Writes the layers of one block of a model: a description in JSON, then the parts one after the other. */
export async function writeLayerFile(path: string, layers: readonly FinishedLayer[], signal: AbortSignal): Promise<void> {
  let offset = 0;
  const stored = layers.map(({ parts, ...layer }) => {
    const places = Object.entries(parts).map(([name, { length }]) => {
      const place = { offset, bytes: length };
      offset += length;
      return [name, place] as const;
    });
    return { ...layer, parts: Object.fromEntries(places) };
  });
  const header = Buffer.from(JSON.stringify(stored));
  const length = Buffer.alloc(lengthBytes);
  length.writeBigUInt64LE(BigInt(header.length));
  const write = async (handle: Awaited<ReturnType<typeof open>>): Promise<void> => {
    let at = 0;
    for (const bytes of [length, header, ...layers.flatMap(({ parts }) => Object.values(parts))]) {
      for (let done = 0; done < bytes.length;) done += (await handle.write(bytes, done, bytes.length - done, at + done)).bytesWritten;
      at += bytes.length;
    }
  };
  await writeFileAtomically(path, write, signal);
}

/** What such a file holds. @throws FormatError `layers.bad-file` for one that is damaged */
export async function readLayerFile(path: string): Promise<StoredLayer[]> {
  const handle = await open(path, "r").catch((error: unknown) => {
    throw explainNodeError(error, basename(path));
  });
  try {
    const { size } = await handle.stat();
    const length = Buffer.alloc(lengthBytes);
    await handle.read(length, 0, lengthBytes, 0);
    const headerBytes = Number(length.readBigUInt64LE());
    if (headerBytes > Math.min(size - lengthBytes, limits.sidecarJsonBytes)) throw damaged(path);
    const header = Buffer.alloc(headerBytes);
    await handle.read(header, 0, headerBytes, lengthBytes);
    const start = lengthBytes + headerBytes;
    const layers = parse(header.toString("utf8"), path).map((layer) => ({
      ...layer,
      parts: Object.fromEntries(Object.entries(layer.parts).map(([name, part]) => [name, { ...part, offset: start + part.offset }])),
    }));
    for (const { parts } of layers) for (const { offset, bytes } of Object.values(parts)) if (offset + bytes > size) throw damaged(path);
    return layers;
  } finally {
    await handle.close();
  }
}

/** Written by this program alone: what is not as it writes it was cut off or changed by others. */
function parse(text: string, path: string): StoredLayer[] {
  try {
    return JSON.parse(text) as StoredLayer[];
  } catch {
    throw damaged(path);
  }
}

/** One layer with its parts. */
export async function loadLayer(path: string, { parts, ...layer }: StoredLayer): Promise<FinishedLayer> {
  const handle = await open(path, "r").catch((error: unknown) => {
    throw explainNodeError(error, basename(path));
  });
  try {
    const loaded: Record<string, Uint8Array> = {};
    for (const [name, { offset, bytes }] of Object.entries(parts)) {
      const target = new Uint8Array(bytes);
      const { bytesRead } = await handle.read(target, 0, bytes, offset);
      if (bytesRead !== bytes) throw damaged(path);
      loaded[name] = target;
    }
    return { ...layer, parts: loaded };
  } finally {
    await handle.close();
  }
}

/** Text of a small file; undefined where it is not there. */
export async function readTextIfThere(path: string): Promise<string | undefined> {
  return readFile(path, "utf8").catch(() => undefined);
}

function damaged(path: string): FormatError {
  return new FormatError("layers.bad-file", `"${basename(path)}", with layers that were quantized before, is damaged`, {
    file: basename(path),
    hint: "Remove its folder and run it again.",
  });
}
