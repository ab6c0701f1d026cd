import type { PickleCursor } from "./cursor";
import type { PickleValue } from "./values";

/** The value that an opcode with its argument stands for; undefined for opcodes that do something else. */
export function readConstant(opcode: number, cursor: PickleCursor): PickleValue | undefined {
  switch (String.fromCharCode(opcode)) {
    case "N":
      return null;
    case "\x88":
    case "\x89":
      return opcode === 0x88;
    case "J":
      return cursor.i32();
    case "K":
      return cursor.u8();
    case "M":
      return cursor.u16();
    case "I":
    case "L":
    case "F":
      return numberOf(cursor.line());
    case "\x8a":
      return cursor.long(cursor.u8());
    case "\x8b":
      return cursor.long(cursor.u32());
    case "G":
      return cursor.f64();
    case "S":
    case "V":
      return cursor.line().replace(/^(['"])(.*)\1$/, "$2");
    case "X":
    case "T":
      return cursor.text(cursor.u32());
    case "U":
    case "\x8c":
      return cursor.text(cursor.u8());
    case "\x8d":
      return cursor.text(cursor.u64());
    case "C":
      return cursor.take(cursor.u8());
    case "B":
      return cursor.take(cursor.u32());
    case "\x8e":
    case "\x96":
      return cursor.take(cursor.u64());
    default:
      return undefined;
  }
}

/** A number of protocol 0; `00` and `01` are truth values. What is none stays text. */
function numberOf(line: string): PickleValue {
  if (line === "00" || line === "01") return line === "01";
  const value = Number(line.replace(/L$/, ""));
  return Number.isNaN(value) && line !== "nan" ? line : value;
}
