import type { BlockReport } from "../../../src/protocol/editor";

export type SubBlock = BlockReport["subBlocks"][number];

/** What a code stands for before scaling: itself, or what the type's code book has for it. */
export function levelOf(block: BlockReport, code: number): number {
  return block.levels?.[code] ?? code;
}

/** All codes of a type, ascending. */
export function allCodes(block: BlockReport): number[] {
  return Array.from({ length: block.maxCode - block.minCode + 1 }, (_, index) => block.minCode + index);
}

/** The smallest and the largest level of a type. */
export function levelEnds(block: BlockReport): [number, number] {
  const levels = allCodes(block).map((code) => levelOf(block, code));
  return [Math.min(...levels), Math.max(...levels)];
}

/** Where a value stands in its block. */
export interface BlockPosition {
  /** Index in the block. */
  index: number;
  subBlock: number;
  part: SubBlock;
  code: number;
  value: number;
}

/** The place of a column of the block's row; undefined when it is not in this block. */
export function positionIn(block: BlockReport, column: number): BlockPosition | undefined {
  const index = column - block.column;
  const subBlock = block.subBlocks.findIndex(({ start, count }) => index >= start && index < start + count);
  const part = block.subBlocks[subBlock];
  const code = part?.codes[index - part.start];
  const value = block.values[index];
  return part && code !== undefined && value !== undefined ? { index, subBlock, part, code, value } : undefined;
}

/** The smallest and the largest value a sub-block can hold. */
export function coverage(part: SubBlock, block: BlockReport): [number, number] {
  const ends = levelEnds(block).map((level) => part.scale * level + part.offset);
  return [Math.min(...ends), Math.max(...ends)];
}

/** How often each code occurs in the block, from the lowest to the highest. */
export function codeCounts(block: BlockReport): number[] {
  const counts = new Array<number>(block.maxCode - block.minCode + 1).fill(0);
  for (const { codes } of block.subBlocks) for (const code of codes) counts[code - block.minCode]! += 1;
  return counts;
}

/** What a field of the layout is for, which decides its colour. */
export function fieldRole(name: string): "scale" | "offset" | "scales" | "codes" {
  if (/^(q|hmask$|signs$)/.test(name)) return "codes";
  if (/scale/.test(name)) return "scales";
  return /^(m|dmin|min)$/.test(name) ? "offset" : "scale";
}
