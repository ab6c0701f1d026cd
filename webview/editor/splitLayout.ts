import type { EditorState } from "../../src/protocol/editorState";

/** Width in pixels up to which the detail stands below the list instead of beside it. */
const stackedUpTo = 760;
/** The detail's share of the width in the standard layout, its width below which it does not go there, and the least of both panes. */
const standardShare = 0.4;
const standardDetail = 562;
const leastList = 280;
const leastDetail = 340;
/** Stacked: seven rows with toolbar, header and footer; and the least height of either pane. */
const standardHeight = 236;
const leastHeight = 120;

export interface SplitSizes {
  stacked: boolean;
  /** Pixels of the list: width, or height when stacked. */
  list: number;
  total: number;
}

/** How list and detail share a pane of this size. */
export function splitSizes(width: number, height: number, state: Pick<EditorState, "split" | "stackedSplit">): SplitSizes {
  const stacked = width <= stackedUpTo;
  const total = stacked ? height : width;
  const share = stacked ? state.stackedSplit : state.split;
  const wanted = share === undefined ? standardList(total, stacked) : share * total;
  return { stacked, total, list: Math.round(clampPixels(wanted, total, stacked)) };
}

function standardList(total: number, stacked: boolean): number {
  return stacked ? standardHeight : Math.max(total - Math.max(standardDetail, standardShare * total), total * standardShare);
}

/** The share of `total` that a list of `pixels` has, within what both panes need at least. */
export function clampSplit(pixels: number, total: number, stacked: boolean): number {
  return total <= 0 ? 0.5 : clampPixels(pixels, total, stacked) / total;
}

function clampPixels(pixels: number, total: number, stacked: boolean): number {
  const least = Math.min(stacked ? leastHeight : leastList, total / 2);
  const rest = Math.min(stacked ? leastHeight : leastDetail, total / 2);
  return Math.min(total - rest, Math.max(least, pixels));
}
