/** A tensor to write: `bytes` defaults to a repeating non-zero pattern of the right length. */
export interface WrittenTensor {
  name: string;
  dtype: string;
  shape: number[];
  bytes?: Uint8Array;
}

/** Bits of one value of each stored type of the format. */
export const safetensorsBits: Readonly<Record<string, number>> = {
  F4: 4,
  F6_E2M3: 6,
  F6_E3M2: 6,
  ...Object.fromEntries(["BOOL", "U8", "I8", "F8_E5M2", "F8_E4M3", "F8_E8M0", "F8_E4M3FNUZ", "F8_E5M2FNUZ"].map((id) => [id, 8])),
  ...Object.fromEntries(["I16", "U16", "F16", "BF16"].map((id) => [id, 16])),
  ...Object.fromEntries(["I32", "U32", "F32"].map((id) => [id, 32])),
  ...Object.fromEntries(["C64", "F64", "I64", "U64"].map((id) => [id, 64])),
};

/** `length` bytes that are never zero, so that nothing takes them for a hole in a download. */
export function patternBytes(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index % 255) + 1);
}

function tensorBytes(tensor: WrittenTensor): Uint8Array {
  if (tensor.bytes) return tensor.bytes;
  const bits = safetensorsBits[tensor.dtype];
  if (bits === undefined) throw new Error(`give the bytes of ${tensor.name}: ${tensor.dtype} has no known size`);
  const values = tensor.shape.reduce((product, dimension) => product * dimension, 1);
  return patternBytes((values * bits) / 8);
}

/** A well-formed safetensors file: tensors in the given order, header padded with spaces to a multiple of 8. */
export function writeSafetensors(tensors: readonly WrittenTensor[], metadata?: Readonly<Record<string, string>>): Uint8Array {
  const members: string[] = [];
  if (metadata) members.push(`"__metadata__":${JSON.stringify(metadata)}`);
  const parts = tensors.map(tensorBytes);
  let offset = 0;
  tensors.forEach((tensor, index) => {
    const end = offset + parts[index]!.length;
    const entry = { dtype: tensor.dtype, shape: tensor.shape, data_offsets: [offset, end] };
    members.push(`${JSON.stringify(tensor.name)}:${JSON.stringify(entry)}`);
    offset = end;
  });
  const data = new Uint8Array(offset);
  let at = 0;
  for (const part of parts) {
    data.set(part, at);
    at += part.length;
  }
  return writeRawSafetensors(padded(`{${members.join(",")}}`), data);
}

/**
 * A file around any header text or bytes, well-formed or not. `headerLength` overrides the length written in front.
 */
export function writeRawSafetensors(header: string | Uint8Array, data: Uint8Array = new Uint8Array(0), headerLength?: bigint): Uint8Array {
  const headerBytes = typeof header === "string" ? new TextEncoder().encode(header) : header;
  const file = new Uint8Array(8 + headerBytes.length + data.length);
  new DataView(file.buffer).setBigUint64(0, headerLength ?? BigInt(headerBytes.length), true);
  file.set(headerBytes, 8);
  file.set(data, 8 + headerBytes.length);
  return file;
}

function padded(header: string): string {
  const bytes = new TextEncoder().encode(header).length;
  return header + " ".repeat((8 - (bytes % 8)) % 8);
}
