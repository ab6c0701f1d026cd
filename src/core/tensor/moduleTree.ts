/** What a tree needs to know of a tensor. */
export interface TreeTensor {
  readonly name: string;
  /** Number of values. */
  readonly parameters: number;
  readonly bytes: number;
}

/** A module of a model, or a tensor in one: one segment of dotted names. A node can be both. */
export interface ModuleNode {
  /** The segment: `layers`, `0`, `weight`. Empty for the root. */
  readonly name: string;
  /** Segments from the root, joined with dots. */
  readonly path: string;
  readonly children: readonly ModuleNode[];
  /** Index of the tensor of exactly this name. */
  readonly tensor?: number;
  /** Tensors in this node and below. */
  readonly tensorCount: number;
  /** Sums over those tensors. */
  readonly parameters: number;
  readonly bytes: number;
}

/** Deeper names keep their rest in one segment: real ones stay below 15, hostile ones would overflow the stack. */
const maxDepth = 64;

interface Draft {
  name: string;
  path: string;
  byName: Map<string, Draft>;
  children: Draft[];
  tensor?: number;
  tensorCount: number;
  parameters: number;
  bytes: number;
}

/**
 * The tree of modules that dotted tensor names form, with sums. Children keep the order in which the file first names
 * them, except that numbered ones (`layers.10`) stand in numeric order, which files sorted by name do not.
 */
export function buildModuleTree(tensors: readonly TreeTensor[]): ModuleNode {
  const root = draft("", "");
  tensors.forEach((tensor, index) => {
    let node = root;
    count(node, tensor);
    for (const segment of segmentsOf(tensor.name)) {
      let child = node.byName.get(segment);
      if (!child) {
        child = draft(segment, node === root ? segment : `${node.path}.${segment}`);
        node.byName.set(segment, child);
        node.children.push(child);
      }
      node = child;
      count(node, tensor);
    }
    node.tensor = index;
  });
  return finish(root);
}

function segmentsOf(name: string): string[] {
  const segments = name.split(".", maxDepth);
  const used = segments.join(".").length;
  if (used < name.length) segments[segments.length - 1] += name.slice(used);
  return segments;
}

function draft(name: string, path: string): Draft {
  return { name, path, byName: new Map(), children: [], tensorCount: 0, parameters: 0, bytes: 0 };
}

function count(node: Draft, tensor: TreeTensor): void {
  node.tensorCount++;
  node.parameters += tensor.parameters;
  node.bytes += tensor.bytes;
}

function finish(node: Draft): ModuleNode {
  const { name, path, tensor, tensorCount, parameters, bytes } = node;
  return { name, path, tensor, tensorCount, parameters, bytes, children: inNumericOrder(node.children).map(finish) };
}

/** Sorts the numbered children among the places that numbered children have. */
function inNumericOrder(children: readonly Draft[]): Draft[] {
  const numbered = children.filter(isNumbered).sort((a, b) => Number(a.name) - Number(b.name));
  let next = 0;
  return children.map((child) => (isNumbered(child) ? numbered[next++]! : child));
}

function isNumbered(node: Draft): boolean {
  return /^\d{1,15}$/.test(node.name);
}
