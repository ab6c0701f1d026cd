import { FormatError } from "../errors";
import type { RandomAccessFile } from "../file";
import { decodeUtf8, findInvalidUtf8, hexBytes, quoteName } from "../formats/text";

/** Bytes of a text that are held at once. Texts up to this size are one piece. */
export const pieceBytes = 4 * 2 ** 20;

/** Pieces a file is read in. */
export function countPieces({ size }: RandomAccessFile): number {
  return Math.ceil(size / pieceBytes);
}

/**
 * One piece of a text file: the lines that begin in that part of it. Any piece can be read without those before.
 *
 * @throws FormatError `text.bad-utf8`
 */
export async function readPiece(file: RandomAccessFile, index: number): Promise<string> {
  const [start, end] = [await cutAt(file, index * pieceBytes), await cutAt(file, (index + 1) * pieceBytes)];
  const bytes = new Uint8Array(end - start);
  await file.read(start, bytes);
  const text = decodeUtf8(bytes);
  if (text !== undefined) return start === 0 ? text.replace(/^\uFEFF/, "") : text;
  const bad = findInvalidUtf8(bytes);
  throw new FormatError("text.bad-utf8", `${quoteName(file.name)} is no UTF-8 text`, {
    file: file.name,
    offset: start + bad,
    expected: "UTF-8 text",
    found: hexBytes(bytes.subarray(bad), 4),
    hint: "Save the text as UTF-8. Other files cannot be used as text.",
  });
}

/** The first place from `place` on where a line begins; without one within the length of a piece, where a character does. */
async function cutAt(file: RandomAccessFile, place: number): Promise<number> {
  if (place === 0 || place >= file.size) return Math.min(place, file.size);
  // The byte before tells whether a line begins at the place itself.
  const bytes = new Uint8Array(Math.min(pieceBytes, file.size - place + 1));
  await file.read(place - 1, bytes);
  const lineEnd = bytes.indexOf(0x0a);
  if (lineEnd >= 0) return place + lineEnd;
  if (place - 1 + bytes.length === file.size) return file.size;
  let at = 1;
  while (at < 4 && (bytes[at]! & 0xc0) === 0x80) at++;
  return place - 1 + at;
}
