import { decodeUtf8 } from "../../formats/text";
import { badTokenizer } from "./modelFiles";

/** One entry of a SentencePiece vocabulary; its number is its place. */
export interface SentencePiece {
  text: string;
  score: number;
  /** 1 normal, 2 unknown, 3 control, 4 user-defined, 5 unused, 6 byte: the same numbers as GGUF's token types. */
  type: number;
}

export interface SentencePieceModel {
  pieces: SentencePiece[];
  /** Whether a space is put before the text. */
  addDummyPrefix: boolean;
}

const file = "tokenizer.model";

/** Wire types of protocol buffers. */
const wire = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/**
 * Reads the vocabulary of a SentencePiece model: `ModelProto` with its pieces (field 1) and normalizer (field 3).
 * Source: google/sentencepiece `sentencepiece_model.proto`.
 *
 * @throws FormatError `tokenizer.bad`
 */
export function readSentencePiece(bytes: Uint8Array): SentencePieceModel {
  const model: SentencePieceModel = { pieces: [], addDummyPrefix: true };
  for (const field of fields(bytes, 0, bytes.length)) {
    if (field.wireType !== wire.bytes) continue;
    if (field.number === 1) model.pieces.push(readPiece(bytes, field));
    if (field.number === 3) {
      for (const inner of fields(bytes, field.start, field.end)) {
        if (inner.number === 3 && inner.wireType === wire.varint) model.addDummyPrefix = inner.value !== 0;
      }
    }
  }
  if (model.pieces.length === 0) throw badTokenizer(file, "a SentencePiece model", "no pieces");
  return model;
}

function readPiece(bytes: Uint8Array, { start, end }: Field): SentencePiece {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const piece: SentencePiece = { text: "", score: 0, type: 1 };
  for (const { number, wireType, start: at, end: last, value } of fields(bytes, start, end)) {
    if (number === 1 && wireType === wire.bytes) {
      const text = decodeUtf8(bytes.subarray(at, last));
      if (text === undefined) throw badTokenizer(file, "UTF-8 text", "other bytes", at);
      piece.text = text;
    }
    if (number === 2 && wireType === wire.fixed32) piece.score = view.getFloat32(at, true);
    if (number === 3 && wireType === wire.varint) piece.type = value;
  }
  return piece;
}

interface Field {
  number: number;
  wireType: number;
  /** Of a varint. */
  value: number;
  /** Of the content. */
  start: number;
  end: number;
}

/** The fields of one message, each checked to lie inside it. */
function* fields(bytes: Uint8Array, start: number, end: number): Generator<Field> {
  let at = start;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; shift < 10; shift++) {
      if (at >= end) throw badTokenizer(file, "a whole SentencePiece model", "its end", at);
      const byte = bytes[at++]!;
      value += (byte & 0x7f) * 2 ** (7 * shift);
      if (byte < 0x80) return value;
    }
    throw badTokenizer(file, "a number of at most 10 bytes", "a longer one", at);
  };
  while (at < end) {
    const tag = varint();
    const [number, wireType] = [Math.floor(tag / 8), tag % 8];
    let value = 0;
    let length = 0;
    if (wireType === wire.varint) value = varint();
    else if (wireType === wire.bytes) length = varint();
    else if (wireType === wire.fixed32) length = 4;
    else if (wireType === wire.fixed64) length = 8;
    else throw badTokenizer(file, "a SentencePiece model", `a field of wire type ${wireType}`, at);
    if (length > end - at) throw badTokenizer(file, `${length} bytes`, `${end - at} bytes`, at);
    yield { number, wireType, value, start: at, end: at + length };
    at += length;
  }
}
