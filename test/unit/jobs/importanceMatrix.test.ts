import assert from "node:assert/strict";
import { UsageError } from "../../../src/core/errors";
import { limits } from "../../../src/core/limits";
import { importanceOf, loadImportance } from "../../../src/jobs/importanceMatrix";
import { ggufF32, writeGguf } from "../../support/ggufWriter";
import { datTail, writeDat, writeImatrixGguf } from "../../support/imatrixWriter";
import { openBytes } from "../../support/openBytes";

const refused = (code: string) => (error: unknown) => error instanceof UsageError && error.code === code;

describe("importance matrix", () => {
  it("is read whole, with what it says of itself", async () => {
    const entry = { name: "blk.1.attn_q.weight", calls: 2, values: [2, 4] };
    const matrix = await loadImportance(await openBytes(writeDat([entry], { tail: datTail(5, "wiki") }), "imatrix.dat"));
    assert.deepEqual([matrix.name, matrix.entries, matrix.chunks, matrix.dataset], ["imatrix.dat", 1, 5, "wiki"]);
    assert.deepEqual(matrix.byGgufName(entry.name), Float32Array.of(1, 2));
    assert.equal(matrix.byGgufName("blk.2.attn_q.weight"), undefined);
  });

  it("has the weights of stacked experts one after the other", async () => {
    const experts = { name: "blk.0.ffn_up_exps.weight", sums: [[2, 4], [9, 3]], counts: [2, 3] }; // prettier-ignore
    const matrix = await loadImportance(await openBytes(writeImatrixGguf([experts]), "imatrix.gguf"));
    assert.equal(matrix.chunks, 7);
    assert.deepEqual(matrix.byGgufName(experts.name), Float32Array.of(1, 2, 3, 1));
  });

  it("finds a tensor by its own name and by its name in GGUF", async () => {
    const entry = { name: "blk.1.attn_q.weight", values: [1, 2] };
    const matrix = await loadImportance(await openBytes(writeDat([entry]), "imatrix.dat"));
    const model = { ...(await openBytes(writeGguf({ tensors: [ggufF32("x", [2])] }))), architecture: "llama" };
    const find = importanceOf(matrix, model);
    const named = (name: string) => ({ ...model.tensors[0]!, name });
    assert.ok(find(named("blk.1.attn_q.weight")));
    assert.ok(find(named("model.layers.1.self_attn.q_proj.weight")));
    assert.equal(find(named("model.layers.2.self_attn.q_proj.weight")), undefined);
  });

  it("is refused when it is none, or too large", async () => {
    await assert.rejects(
      async () => loadImportance(await openBytes(writeGguf({ tensors: [ggufF32("x", [2])] }))),
      refused("not-an-imatrix"),
    );
    const matrix = await openBytes(writeDat([{ name: "blk.1.attn_q.weight", values: [1] }]), "imatrix.dat");
    const vast = { ...matrix, tensors: [{ ...matrix.tensors[0]!, shape: [limits.imatrixBytes / 4 + 1] }] };
    await assert.rejects(loadImportance(vast), refused("imatrix-too-large"));
  });
});
