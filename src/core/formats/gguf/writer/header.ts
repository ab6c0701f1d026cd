import { FormatError } from "../../../errors";
import { limits } from "../../../limits";
import { findDType, storedBytes } from "../../../tensor/dtype";
import type { FileLayout } from "../../fileLayout";
import { alignUp } from "../alignment";
import { ggmlTypeId } from "../ggmlTypes";
import { ByteWriter } from "./byteWriter";
import type { KeyValue } from "./keyValue";

/** A tensor of a file to be written. */
export interface HeaderTensor {
  readonly name: string;
  /** Row-major, outermost first. */
  readonly shape: readonly number[];
  /** Identifier of the ggml type. */
  readonly type: string;
}

const version = 3;
const encoder = new TextEncoder();

/** The shape without leading dimensions of 1, which ggml does not count. */
export function ggmlShape(shape: readonly number[]): number[] {
  const first = shape.findIndex((dimension) => dimension !== 1);
  const trimmed = first < 0 ? [] : shape.slice(first);
  return trimmed.length === 0 ? [1] : trimmed;
}

/**
 * The header of a GGUF file, version 3, and the places of its tensors.
 *
 * @param alignment bytes that tensors are padded to; what `general.alignment` among the keys says, else 32
 * @throws FormatError `gguf.cannot-store` for a tensor that ggml cannot have: its name, its dimensions or its type
 */
export function layOutGguf(keyValues: readonly KeyValue[], tensors: readonly HeaderTensor[], alignment: number): FileLayout {
  const out = new ByteWriter();
  out.bytes(encoder.encode("GGUF"));
  out.u32(version);
  out.u64(tensors.length);
  out.u64(keyValues.length);
  for (const { key, stored } of keyValues) {
    out.string(key);
    out.bytes(stored);
  }
  let next = 0;
  const places = tensors.map((tensor) => {
    const place = next;
    writeTensorEntry(out, tensor, place);
    next = alignUp(place + tensorBytes(tensor), alignment);
    return place;
  });
  out.pad(alignment);
  const start = out.length;
  return { header: out.finish(), offsets: places.map((place) => start + place), bytes: start + next };
}

function writeTensorEntry(out: ByteWriter, tensor: HeaderTensor, offset: number): void {
  const shape = ggmlShape(tensor.shape);
  if (encoder.encode(tensor.name).length > limits.ggufNameBytes)
    throw cannotStore(tensor, `at most ${limits.ggufNameBytes} bytes of name`, tensor.name);
  if (shape.length > limits.ggufRank) throw cannotStore(tensor, `at most ${limits.ggufRank} dimensions`, String(shape.length));
  const id = ggmlTypeId(tensor.type);
  if (id === undefined) throw cannotStore(tensor, "a type that ggml has", tensor.type);
  out.string(tensor.name);
  out.u32(shape.length);
  for (const dimension of [...shape].reverse()) out.u64(dimension);
  out.u32(id);
  out.u64(offset);
}

/** Bytes of a tensor without padding. @throws FormatError `gguf.cannot-store` */
export function tensorBytes(tensor: HeaderTensor): number {
  const dtype = findDType(tensor.type);
  const bytes = dtype && storedBytes(dtype, tensor.shape);
  if (bytes === undefined) throw cannotStore(tensor, `rows that divide into blocks of ${tensor.type}`, tensor.shape.join(" × "));
  return bytes;
}

function cannotStore({ name }: HeaderTensor, expected: string, found: string): FormatError {
  return new FormatError("gguf.cannot-store", `${name} cannot be stored in a GGUF file`, { tensor: name, expected, found });
}
