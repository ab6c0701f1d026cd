import assert from "node:assert/strict";
import { unavailability } from "../../../src/core/tensor/availability";
import { codesOf, namesOf, openBytes, placeOf, refusalOf, warningOf } from "../../support/openBytes";
import { openTorch } from "../../support/openTorch";
import { floatValues } from "../../support/tensorValues";
import { counting, pickle, pickledStorage, pickledTensor, writeLegacyTorch, writeTorch } from "../../support/torchWriter";

const { counts, dict, global, int, reduce, text, tuple } = pickle;

describe("PyTorch: damage", () => {
  const broken: [what: string, tensor: Parameters<typeof pickledTensor>[0], code: string][] = [
    ["a storage that is not there", { key: "7", shape: [2] }, "torch.missing-storage"],
    ["more than its storage has", { shape: [13] }, "torch.beyond-storage"],
    ["an offset behind its storage", { shape: [2], offset: 11 }, "torch.beyond-storage"],
    ["strides beyond its storage", { shape: [2, 2], strides: [12, 1] }, "torch.beyond-storage"],
    ["fewer strides than dimensions", { shape: [2, 2], strides: [1] }, "torch.bad-tensor"],
    ["a negative stride", { shape: [2, 2], strides: [-1, 1] }, "torch.bad-tensor"],
    ["a negative dimension", { shape: [-2], strides: [1] }, "torch.bad-tensor"],
    ["a negative offset", { shape: [2], offset: -1 }, "torch.bad-tensor"],
    ["a storage of no class", { shape: [2], storage: "Strange" }, "torch.bad-tensor"],
    ["values that are repeated without end", { shape: [2 ** 30, 2 ** 10], strides: [0, 0] }, "torch.expanded"],
  ];
  for (const [what, tensor, code] of broken) {
    it(`reports ${what}, and shows the other tensors`, async () => {
      const checkpoint = await openTorch({
        object: dict({ w: pickledTensor(tensor), good: pickledTensor({ shape: [12] }) }),
        storages: { 0: counting(12) },
      });
      const finding = warningOf(checkpoint, code);
      assert.ok(finding.tensor === "w" && finding.expected && finding.found && finding.hint);
      assert.equal(floatValues(checkpoint, "good").length, 12);
      const bad = checkpoint.tensors.find(({ name }) => name === "w");
      if (bad) assert.equal(unavailability(checkpoint, bad), "unknown-type");
    });
  }

  it("says that a pickle has another checksum, which PyTorch does not look at, unless it was left out", async () => {
    const file = writeTorch({ object: dict({ w: pickledTensor({ shape: [2] }) }), storages: { 0: counting(2) } });
    assert.deepEqual(codesOf(await openBytes(file, "m.pt")), []);
    const checksum = placeOf(file, "PK\x01\x02") + 16;
    for (const [crc, codes] of [
      [[1, 2, 3, 4], ["zip.bad-checksum"]],
      [[0, 0, 0, 0], []],
    ] as const) {
      file.set(crc, checksum);
      const checkpoint = await openBytes(file, "m.pt");
      assert.deepEqual(codesOf(checkpoint), codes);
      assert.deepEqual(floatValues(checkpoint, "w"), [0, 1]);
    }
    file.set([1, 2, 3, 4], checksum);
    const finding = warningOf(await openBytes(file, "m.pt"), "zip.bad-checksum");
    assert.deepEqual([finding.severity, finding.expected, finding.offset], ["warning", "CRC-32 04030201", placeOf(file, "\x80\x02}")]);
    assert.ok(finding.found && finding.hint?.includes("torch.load"));
  });

  it("keeps both of two tensors with one name", async () => {
    const checkpoint = await openTorch({
      object: dict({ "a.b": pickledTensor({ shape: [1] }), a: dict({ b: pickledTensor({ shape: [1], offset: 1, numel: 2 }) }) }),
      storages: { 0: counting(2) },
    });
    assert.deepEqual(namesOf(checkpoint), ["a.b", "a.b (2)"]);
    warningOf(checkpoint, "torch.duplicate-name");
  });

  it("leaves out a tensor with a name beyond measure, and shows the others", async () => {
    const tensor = pickledTensor({ shape: [1] });
    const checkpoint = await openTorch({ object: dict({ ["n".repeat(70_000)]: tensor, good: tensor }), storages: { 0: counting(1) } });
    assert.deepEqual(namesOf(checkpoint), ["good"]);
    assert.deepEqual([warningOf(checkpoint, "torch.long-name").found, codesOf(checkpoint).length], ["70,000", 1]);
  });

  it("follows an object that contains itself once", async () => {
    const checkpoint = await openTorch({
      object: `}q\x00(${text("w")}${pickledTensor({ shape: [1] })}${text("self")}h\x00${text("list")}]q\x01h\x01au`,
      storages: { 0: counting(1) },
    });
    assert.deepEqual(namesOf(checkpoint), ["w"]);
  });

  it("stops at an object that repeats itself without end", async () => {
    // Forty lists, each with the next one twice.
    const depth = 40;
    const nested = `${Array.from({ length: depth }, () => "](").join("")}${pickledTensor({ shape: [1] })}${Array.from({ length: depth }, (_, level) => `eq${String.fromCharCode(level + 10)}h${String.fromCharCode(level + 10)}`).slice(0, -1).join("")}e`; // prettier-ignore
    const checkpoint = await openTorch({ object: nested, storages: { 0: counting(1) } });
    assert.ok(codesOf(checkpoint).includes("torch.too-much"));
    const deep = await openTorch({ object: `${"](".repeat(5000)}${"e".repeat(5000)}` });
    assert.deepEqual(codesOf(deep), ["torch.too-much"]);
  }).timeout(30_000);

  it("of the pickle is reported, and what was read before it is shown", async () => {
    const object = `${dict({ w: pickledTensor({ shape: [2] }) })}\xff`;
    const file = writeTorch({ object, storages: { 0: counting(2) } });
    const checkpoint = await openBytes(file, "m.pt");
    assert.deepEqual(namesOf(checkpoint), ["w"]);
    assert.equal(warningOf(checkpoint, "torch.bad-pickle").offset, placeOf(file, "\xff."));
    assert.equal((await refusalOf(openTorch({ object: "\xff" }))).code, "torch.bad-pickle");
  });

  it("of an archive is said", async () => {
    const file = writeTorch({ object: dict({ w: pickledTensor({ shape: [2] }) }), storages: { 0: counting(2) } });
    assert.equal((await refusalOf(openBytes(file.subarray(0, file.length - 100), "m.pt"))).code, "zip.no-directory");
  });

  it("of the old format is said", async () => {
    const object = dict({ a: pickledTensor({ shape: [2] }), b: pickledTensor({ key: "1", shape: [3] }) });
    const file = writeLegacyTorch(object, [
      ["0", 2, counting(2)],
      ["1", 3, counting(3)],
    ]);
    const cut = await openBytes(file.subarray(0, file.length - 4), "m.bin");
    assert.deepEqual(namesOf(cut), ["a", "b"]);
    assert.deepEqual(codesOf(cut), ["file.truncated", "tensor.truncated"]);
    assert.deepEqual(floatValues(cut, "a"), [0, 1]);
    const shorter = await openBytes(file.subarray(0, file.length - 16), "m.bin");
    assert.deepEqual(codesOf(shorter), ["torch.missing-storage"]);
    const negative = await openBytes(writeLegacyTorch(dict({ a: pickledTensor({ shape: [2] }) }), [["0", -2, counting(2)]]), "m.bin");
    assert.deepEqual(codesOf(negative), ["torch.bad-storage", "torch.missing-storage"]);
    assert.equal((await refusalOf(openBytes(file.subarray(0, 60), "m.bin"))).code, "torch.bad-pickle");
    assert.equal((await refusalOf(openBytes(writeLegacyTorch(object, [], 7), "m.bin"))).code, "torch.bad-protocol");
  });

  it("views of storages of the old format begin where they say", async () => {
    const view = tuple(text("v"), int(3), int(4));
    const tensor = reduce(global("torch._utils", "_rebuild_tensor"), pickledStorage("0", "Float", 12, view), int(1), counts(2), counts(1));
    const checkpoint = await openBytes(writeLegacyTorch(dict({ w: tensor }), [["0", 12, counting(12)]]), "m.bin");
    assert.deepEqual(floatValues(checkpoint, "w"), [4, 5]);
  });
});
