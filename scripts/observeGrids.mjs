// Writes src/core/decode/ggml/gridData.ts: the lattice code books of ggml's IQ1, IQ2 and IQ3 types, observed from the real library
// by dequantizing blocks made so that every value is an entry of the code book itself (scale 1, positive signs, every index once).
//
//   node scripts/observeGrids.mjs [--check]      --check only compares, and fails when the file is not what the library shows
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { at } from "./lib/paths.mjs";
import { installGgml, oracleEnv } from "./setup/oracles.mjs";

/** F16 patterns of the scales used below. */
const half = { 1: 0x3c00, 4: 0x4400, 8: 0x4800 };

/**
 * For each code book: how many entries of how many values it has, its levels in ascending order, and how block `i` of the type that
 * uses it shows the entries from `i * perBlock`. `shift` is what the type adds to every value.
 */
const books = {
  iq2xxs: {
    type: "iq2_xxs",
    entries: 256,
    width: 8,
    levels: [8, 25, 43],
    // 8 groups of 4 index bytes and a word of signs and scale; d·(0.5 + 0)/4 = 1.
    block: (first) => [...uint16(half[8]), ...range(8).flatMap((g) => [...range(4).map((l) => first + 4 * g + l), 0, 0, 0, 0])],
  },
  iq2xs: {
    type: "iq2_xs",
    entries: 512,
    width: 8,
    levels: [8, 25, 43],
    block: (first) => [...uint16(half[8]), ...range(32).flatMap((l) => uint16(first + l)), ...zeros(8)],
  },
  iq2s: {
    type: "iq2_s",
    entries: 1024,
    width: 8,
    levels: [8, 25, 43],
    // The top 2 bits of the 4 indices of a group share a byte.
    block: (first) => [
      ...uint16(half[8]),
      ...range(32).map((l) => (first + l) & 255),
      ...zeros(32),
      ...range(8).map(() => (first >> 8) * 0b01010101),
      ...zeros(8),
    ],
  },
  iq3xxs: {
    type: "iq3_xxs",
    entries: 256,
    width: 4,
    levels: [4, 12, 20, 28, 36, 44, 52, 62],
    block: (first) => [...uint16(half[4]), ...range(64).map((l) => first + l), ...zeros(32)],
  },
  iq3s: {
    type: "iq3_s",
    entries: 512,
    width: 4,
    levels: [1, 3, 5, 7, 9, 11, 13, 15],
    block: (first) => [
      ...uint16(half[1]),
      ...range(64).map((l) => (first + l) & 255),
      ...range(8).map(() => (first >> 8) * 255),
      ...zeros(36),
    ],
  },
  iq1s: {
    type: "iq1_s",
    entries: 2048,
    width: 8,
    levels: [-1, 0, 1],
    shift: 0.125,
    block: (first) => [
      ...uint16(half[1]),
      ...range(32).map((l) => (first + l) & 255),
      ...range(8).flatMap(() => uint16((first >> 8) * 0b001001001001)),
    ],
  },
};

/** What stands for the digits of an entry: printable, and none that a template string treats as its own. */
const digits = range(94)
  .map((i) => String.fromCharCode(33 + i))
  .filter((character) => !"`\\$".includes(character))
  .join("");

const check = process.argv.includes("--check");
const file = at("src/core/decode/ggml/gridData.ts");
await installGgml();
const library = loadLibrary();
const text = moduleText();
if (!check) writeFileSync(file, text);
else if (!existsSync(file) || readFileSync(file, "utf8") !== text) {
  console.error("src/core/decode/ggml/gridData.ts differs from what the library shows: run node scripts/observeGrids.mjs.");
  process.exitCode = 1;
}

function range(count) {
  return Array.from({ length: count }, (_, i) => i);
}

function zeros(count) {
  return Array(count).fill(0);
}

function uint16(value) {
  return [value & 255, value >> 8];
}

function loadLibrary() {
  const requireHere = createRequire(import.meta.url);
  const folder = `${oracleEnv().QUANTSCOPE_GGML_DIR}/node_modules/@node-llama-cpp/linux-x64`;
  return requireHere("koffi").load(`${folder}/bins/linux-x64/libggml-base.so`);
}

/** All values of a code book, entry by entry. */
function observe({ type, entries, width, shift = 0, block }) {
  const dequantize = library.func(`void dequantize_row_${type}(void *x, float *y, int64_t k)`);
  const perBlock = 256 / width;
  const values = [];
  for (let first = 0; first < entries; first += perBlock) {
    const target = new Float32Array(256);
    dequantize(Uint8Array.from(block(first)), target, 256);
    values.push(...target.map((value) => value - shift));
  }
  return values;
}

/** Each entry as two characters: its levels are the digits, the first value lowest, of a number that two digits of base 91 hold. */
function encode(values, { width, levels }) {
  const entries = [];
  for (let at = 0; at < values.length; at += width) {
    let number = 0;
    for (let j = width - 1; j >= 0; j--) {
      const level = levels.indexOf(values[at + j]);
      if (level < 0) throw new Error(`value ${values[at + j]} is none of the levels ${levels.join(", ")}`);
      number = number * levels.length + level;
    }
    entries.push(digits.charAt(Math.floor(number / digits.length)) + digits.charAt(number % digits.length));
  }
  return entries;
}

function moduleText() {
  const constants = Object.entries(books).map(([name, book]) => {
    const entries = encode(observe(book), book);
    const lines = range(entries.length / 64).map((line) => entries.slice(64 * line, 64 * (line + 1)).join(""));
    return `  ${name}: {
    width: ${book.width},
    levels: [${book.levels.join(", ")}],
    entries: \`
${lines.join("\n")}\`,
  },`;
  });
  return `// Made by scripts/observeGrids.mjs from what the real ggml library decodes; not to be edited.

/** The digits of \`entries\`. */
export const gridDigits = \`${digits}\`;

/**
 * The code books of ggml's IQ1, IQ2 and IQ3 types: \`entries\` has two digits an entry, a number whose digits in base
 * \`levels.length\` are the levels of its values, the first value lowest. Read by \`grids.ts\`.
 */
export const gridData = {
${constants.join("\n")}
};
`;
}
