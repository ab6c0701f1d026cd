import assert from "node:assert/strict";
import fc from "fast-check";
import { buildModuleTree, type ModuleNode } from "../../../src/core/tensor/moduleTree";

function treeOf(...names: string[]): ModuleNode {
  return buildModuleTree(names.map((name, index) => ({ name, parameters: 10 ** index, bytes: 2 * 10 ** index })));
}

/** `a(b, c(d))`, tensors marked with their index. */
function outline(node: ModuleNode): string {
  const own = `${node.name}${node.tensor === undefined ? "" : `#${node.tensor}`}`;
  return node.children.length === 0 ? own : `${own}(${node.children.map(outline).join(" ")})`;
}

describe("module tree", () => {
  it("groups dotted names in the order of the file, with sums", () => {
    const root = treeOf("model.z.weight", "lm_head.weight", "model.a.weight", "model.z.bias");
    assert.equal(outline(root), "(model(z(weight#0 bias#3) a(weight#2)) lm_head(weight#1))");
    assert.deepEqual([root.tensorCount, root.parameters, root.bytes, root.path], [4, 1111, 2222, ""]);
    const z = root.children[0]!.children[0]!;
    assert.deepEqual([z.path, z.tensorCount, z.parameters, z.bytes, z.tensor], ["model.z", 2, 1001, 2002, undefined]);
    assert.equal(z.children[1]!.path, "model.z.bias");
  });

  it("puts numbered modules in numeric order and leaves the others where they are", () => {
    assert.equal(outline(treeOf("l.10.w", "l.2.w", "l.0.w")), "(l(0(w#2) 2(w#1) 10(w#0)))");
    assert.equal(outline(treeOf("10", "b", "9", "a", "1")), "(1#4 b#1 9#2 a#3 10#0)");
  });

  it("can have a tensor where others lie below", () => {
    assert.equal(outline(treeOf("a", "a.b", "a.b.c")), "(a#0(b#1(c#2)))");
  });

  it("survives names of any kind", () => {
    assert.equal(outline(treeOf("", "a..b", "__proto__.constructor", ".")), "(#0(#3) a((b#1)) __proto__(constructor#2))");
    const deep = treeOf("a.".repeat(30_000));
    let depth = 0;
    for (let node = deep; node.children[0]; node = node.children[0]) depth++;
    assert.equal(depth, 64);
    assert.deepEqual(outline(treeOf()), "");
  });

  it("loses no tensor and keeps every sum and full name", () => {
    const names = fc.uniqueArray(
      fc.array(fc.constantFrom("a", "b", "0", "1", "10", ""), { minLength: 1, maxLength: 5 }).map((parts) => parts.join(".")),
    );
    fc.assert(
      fc.property(names, (list) => {
        const seen: string[] = [];
        const visit = (node: ModuleNode): void => {
          if (node.tensor !== undefined) {
            seen.push(list[node.tensor]!);
            assert.equal(list[node.tensor], node.path);
          }
          const below = node.children.reduce((sum, child) => sum + child.tensorCount, 0);
          assert.equal(node.tensorCount, below + (node.tensor === undefined ? 0 : 1));
          node.children.forEach(visit);
        };
        visit(treeOf(...list));
        assert.deepEqual(seen.sort(), [...list].sort());
      }),
      { seed: 4, numRuns: 300 },
    );
  });
});
