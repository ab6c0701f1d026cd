import type { TensorRow } from "../../../src/protocol/editor";
import { modelRank, naturalKey } from "./modelOrder";

/** A module of the model: everything under one path. */
export interface GroupNode {
  readonly kind: "group";
  /** Full dotted path, unique in the tree. */
  readonly path: string;
  readonly label: string;
  readonly children: TreeNode[];
  /** Tensors below, at any depth. */
  tensors: number;
  parameters: number;
  bytes: number;
  /** The stored type when it is the same everywhere below, else empty. */
  dtype: string;
}

export interface LeafNode {
  readonly kind: "tensor";
  readonly index: number;
  readonly label: string;
}

export type TreeNode = GroupNode | LeafNode;

/**
 * Splits a name into the groups above the tensor and the tensor's own label. A group is made where a model repeats itself,
 * so the first number of the name ends the first group (`model.layers.0`); names without one are not grouped. The last
 * two parts are the module and its parameter and stay together, and `.weight` goes without saying.
 */
export function groupPath(name: string): { groups: string[]; label: string } {
  const parts = name.split(".");
  const first = parts.findIndex((part) => /^\d+$/.test(part));
  if (first < 0 || first === parts.length - 1) return { groups: [], label: name };
  const groups = [parts.slice(0, first + 1).join(".")];
  const rest = parts.slice(first + 1);
  const own = Math.min(2, rest.length);
  for (const part of rest.slice(0, rest.length - own)) groups.push(part);
  const label = rest.slice(rest.length - own).join(".");
  return { groups, label: own === 2 && label.endsWith(".weight") ? label.slice(0, -".weight".length) : label };
}

/** Paths of the groups above a tensor, outermost first. */
export function ancestorPaths(name: string): string[] {
  const { groups } = groupPath(name);
  return groups.map((_, index) => groups.slice(0, index + 1).join("."));
}

function newGroup(path: string, label: string): GroupNode {
  return { kind: "group", path, label, children: [], tensors: 0, parameters: 0, bytes: 0, dtype: "" };
}

/** The tensors as a tree of modules, in the order of the model. */
export function buildTree(rows: readonly TensorRow[]): GroupNode {
  const root = newGroup("", "");
  const groups = new Map<string, GroupNode>();
  rows.forEach((row, index) => {
    const { groups: labels, label } = groupPath(row.name);
    let parent = root;
    let path = "";
    for (const part of labels) {
      path = path === "" ? part : `${path}.${part}`;
      let group = groups.get(path);
      if (!group) {
        group = newGroup(path, part);
        groups.set(path, group);
        parent.children.push(group);
      }
      add(group, row);
      parent = group;
    }
    parent.children.push({ kind: "tensor", index, label });
  });
  sortSiblings(root);
  return root;
}

function add(group: GroupNode, row: TensorRow): void {
  group.dtype = group.tensors === 0 || group.dtype === row.dtype ? row.dtype : "";
  group.tensors += 1;
  group.parameters += row.parameters;
  group.bytes += row.bytes;
}

function sortSiblings(group: GroupNode): void {
  const ranked = group.children.map((node) => ({ node, rank: modelRank(node.label), key: naturalKey(node.label) }));
  ranked.sort((a, b) => a.rank - b.rank || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  ranked.forEach(({ node }, position) => (group.children[position] = node));
  for (const child of group.children) if (child.kind === "group") sortSiblings(child);
}
