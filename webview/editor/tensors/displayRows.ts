import type { TensorRow, TensorSummary } from "../../../src/protocol/editor";
import type { SortKey } from "../../../src/protocol/editorState";
import { naturalKey } from "./modelOrder";
import { sortValue, type SortValue } from "./sortValue";
import type { GroupNode, TreeNode } from "./tensorTree";

/** One line of the table. */
export interface DisplayRow {
  readonly node: TreeNode;
  readonly label: string;
  /** 1 for the outermost. */
  readonly level: number;
  /** Only on groups. */
  readonly expanded?: boolean;
  /** Place among its siblings, from 1, and how many they are. */
  readonly position: number;
  readonly setSize: number;
}

export interface DisplayQuery {
  rows: readonly TensorRow[];
  summaries: readonly (TensorSummary | undefined)[];
  /** Undefined: everything. */
  matches: readonly boolean[] | undefined;
  sort: { key: SortKey; descending: boolean };
  /** Paths of closed groups. */
  collapsed: ReadonlySet<string>;
}

interface Ranked {
  node: TreeNode;
  value: SortValue;
}

/** All tensors without groups, under their full names. */
export function listRows(query: DisplayQuery): DisplayRow[] {
  const nodes = query.rows.flatMap((row, index): Ranked[] =>
    query.matches && !query.matches[index]
      ? []
      : [{ node: { kind: "tensor", index, label: row.name }, value: sortValue(query.sort.key, row, query.summaries[index]) }],
  );
  sortNodes(nodes, query.sort);
  return nodes.map(({ node }, position) => ({ node, label: node.label, level: 1, position: position + 1, setSize: nodes.length }));
}

/** The tree, opened where it is open. Siblings are sorted among themselves. */
export function treeRows(root: GroupNode, query: DisplayQuery): DisplayRow[] {
  const out: DisplayRow[] = [];
  appendChildren(out, root, 1, query, new Map());
  return out;
}

function appendChildren(
  out: DisplayRow[],
  group: GroupNode,
  level: number,
  query: DisplayQuery,
  extremes: Map<GroupNode, SortValue>,
): void {
  const nodes = group.children.flatMap((node): Ranked[] =>
    hasMatch(node, query.matches) ? [{ node, value: nodeValue(node, query, extremes) }] : [],
  );
  sortNodes(nodes, query.sort);
  nodes.forEach(({ node }, position) => {
    const expanded = node.kind === "group" ? !query.collapsed.has(node.path) : undefined;
    out.push({ node, label: node.label, level, expanded, position: position + 1, setSize: nodes.length });
    if (node.kind === "group" && expanded) appendChildren(out, node, level + 1, query, extremes);
  });
}

function hasMatch(node: TreeNode, matches: readonly boolean[] | undefined): boolean {
  if (!matches) return true;
  return node.kind === "tensor" ? matches[node.index] === true : node.children.some((child) => hasMatch(child, matches));
}

/**
 * What a node is sorted by. Weights and bytes of a group are sums; of any other figure a group takes the extreme that
 * the direction looks for, so that the most striking tensor brings its module to the top.
 */
function nodeValue(node: TreeNode, query: DisplayQuery, extremes: Map<GroupNode, SortValue>): SortValue {
  const { key, descending } = query.sort;
  if (node.kind === "tensor")
    return key === "name" ? naturalKey(node.label) : sortValue(key, query.rows[node.index]!, query.summaries[node.index]);
  if (key === "order") return null;
  if (key === "name") return naturalKey(node.label);
  if (key === "parameters" || key === "bytes") return node[key];
  const known = extremes.get(node);
  if (known !== undefined) return known;
  const values = node.children.map((child) => nodeValue(child, query, extremes));
  const extreme = values.reduce<SortValue>((best, value) => (compareValues(value, best, descending) < 0 ? value : best), null);
  extremes.set(node, extreme);
  return extreme;
}

function sortNodes(nodes: Ranked[], sort: DisplayQuery["sort"]): void {
  if (sort.key === "order") {
    if (sort.descending) nodes.reverse();
    return;
  }
  nodes.sort((a, b) => compareValues(a.value, b.value, sort.descending));
}

/** Missing values come last in both directions. */
function compareValues(a: SortValue, b: SortValue, descending: boolean): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  const order = a < b ? -1 : a > b ? 1 : 0;
  return descending ? -order : order;
}
