import assert from "node:assert/strict";
import { unavailability } from "../../../src/core/tensor/availability";
import { codesOf, namesOf, openBytes, openFiles, warningOf } from "../../support/openBytes";
import { openTorch } from "../../support/openTorch";
import { floatValues } from "../../support/tensorValues";
import { counting, pickle, pickledStorage, pickledTensor, writeLegacyTorch, writeTorch } from "../../support/torchWriter";

const { bool, counts, dict, float, global, int, list, none, object, ordered, reduce, text, tuple } = pickle;

describe("PyTorch: tensors", () => {
  it("are named by the keys and positions on the way to them", async () => {
    const tensor = (): string => pickledTensor({ shape: [2] });
    const module = object(
      global("torch.nn.modules.linear", "Linear"),
      dict({
        training: bool(true),
        _parameters: ordered({ weight: reduce(global("torch._utils", "_rebuild_parameter"), tensor(), bool(true), ordered({})), bias: none }),
        _buffers: ordered({ steps: tensor() }),
        _modules: ordered({ inner: object(global("__main__", "Net"), dict({ _parameters: dict({ w: tensor() }), _buffers: dict({}), _modules: dict({}) })) }),
      }),
    ); // prettier-ignore
    const checkpoint = await openTorch({
      object: dict({
        epoch: int(3),
        "state_dict": ordered({ "a.weight": tensor(), "": tensor(), ["__proto__"]: tensor() }),
        layers: list(tensor(), dict({ x: tensor() }), tuple(tensor())),
        net: module,
        pairs: reduce(global("collections", "OrderedDict"), list(tuple(text("p"), tensor()))),
        numbered: `}(${int(7)}${tensor()}u`,
        options: object(global("argparse", "Namespace"), dict({ mean: tensor(), lr: float(0.5) })),
        size: reduce(global("torch", "Size"), counts(2, 3)),
        nothing: none,
      }),
      storages: { 0: counting(2) },
    }); // prettier-ignore
    assert.deepEqual(
      namesOf(checkpoint),
      [
        "state_dict.a.weight", "state_dict.", "state_dict.__proto__", "layers.0", "layers.1.x", "layers.2.0",
        "net.weight", "net.steps", "net.inner.w", "pairs.p", "numbered.7", "options.mean",
      ],
    ); // prettier-ignore
    assert.deepEqual(
      checkpoint.metadata.map(({ key, value }) => [key, value]),
      [
        ["epoch", 3],
        ["options.lr", 0.5],
        ["size", "[2,3]"],
      ],
    );
    for (const { name } of checkpoint.tensors) assert.deepEqual(floatValues(checkpoint, name), [0, 1]);
  });

  it("can be the whole object", async () => {
    const checkpoint = await openTorch({ object: pickledTensor({ shape: [2] }), storages: { 0: counting(2) } });
    assert.deepEqual(namesOf(checkpoint), [""]);
  });

  const views: [what: string, shape: number[], strides: number[], offset: number, values: number[]][] = [
    ["plain", [2, 3], [3, 1], 1, [1, 2, 3, 4, 5, 6]],
    ["transposed", [2, 3], [1, 2], 0, [0, 2, 4, 1, 3, 5]],
    ["a column", [3], [4], 2, [2, 6, 10]],
    ["expanded", [3, 2], [0, 1], 4, [4, 5, 4, 5, 4, 5]],
    ["a scalar", [], [], 7, [7]],
    ["empty", [0, 3], [3, 1], 12, []],
  ];
  for (const [what, shape, strides, offset, values] of views) {
    it(`are read when they are ${what}, in every way that they are stored`, async () => {
      const object = dict({ w: pickledTensor({ shape, strides, offset, numel: 12 }) });
      const little = counting(12);
      const big = Uint8Array.from({ length: 48 }, (_, at) => little[at - (at % 4) + 3 - (at % 4)]!);
      const files = [
        writeTorch({ object, storages: { 0: little } }),
        writeTorch({ object, storages: { 0: little }, byteOrder: "little", deflate: true }),
        writeTorch({ object, storages: { 0: big }, byteOrder: "big" }),
        writeTorch({ object, storages: { 0: big }, byteOrder: "big", deflate: true }),
        writeLegacyTorch(object, [["0", 12, little]]),
      ];
      for (const file of files) {
        const checkpoint = await openBytes(file, "model.bin");
        const [tensor] = checkpoint.tensors;
        assert.deepEqual([tensor!.dtype, tensor!.shape], ["F32", shape]);
        assert.deepEqual(floatValues(checkpoint, "w"), values);
        assert.equal(unavailability(checkpoint, tensor!), undefined);
        assert.deepEqual(checkpoint.warnings, []);
      }
    });
  }

  it("that share a storage are told so, and take no bytes twice when they repeat them", async () => {
    const shared = pickledTensor({ shape: [5, 4], strides: [0, 1], numel: 4 });
    const checkpoint = await openTorch({ object: dict({ a: `${shared}q\x01`, b: "h\x01", c: pickledTensor({ key: "1", shape: [1] }) }), storages: { 0: counting(4), 1: counting(1) } }); // prettier-ignore
    assert.match(warningOf(checkpoint, "torch.shared-storage").message, /^"a" shares its storage with "b"$/);
    assert.deepEqual(checkpoint.tensors.map(({ bytes }) => bytes), [16, 16, 4]); // prettier-ignore
  });

  it("that are quantized are read as what they stand for", async () => {
    const quantized = (scheme: string, ...params: string[]): string =>
      reduce(
        global("torch._utils", "_rebuild_qtensor"),
        pickledStorage("0", "QInt8", 6),
        int(0),
        counts(2, 3),
        counts(3, 1),
        tuple(global("torch", scheme), ...params),
        bool(false),
        ordered({}),
      );
    const storages = {
      0: Uint8Array.of(0, 1, 2, 253, 254, 255),
      1: new Uint8Array(Float64Array.of(0.5, 2).buffer),
      2: new Uint8Array(BigInt64Array.of(1n, -1n).buffer),
    };
    const vectors = [pickledTensor({ key: "1", storage: "Double", shape: [2] }), pickledTensor({ key: "2", storage: "Long", shape: [2] })];
    const whole = await openTorch({ object: dict({ w: quantized("per_tensor_affine", float(0.5), int(1)) }), storages });
    assert.equal(whole.tensors[0]!.dtype, "QINT8");
    assert.deepEqual(floatValues(whole, "w"), [-0.5, 0, 0.5, -2, -1.5, -1]);
    const rows = await openTorch({ object: dict({ w: quantized("per_channel_affine", ...vectors, int(0)) }), storages });
    assert.deepEqual(floatValues(rows, "w"), [-0.5, 0, 0.5, -4, -2, 0]);
    const wrong = await openTorch({ object: dict({ w: quantized("per_channel_affine", ...vectors, int(1)) }), storages });
    assert.deepEqual([wrong.tensors[0]!.source, codesOf(wrong)], [undefined, ["torch.listed-only"]]);
  });

  it("without data of their own are listed", async () => {
    const coo = reduce(global("torch.serialization", "_get_layout"), text("torch.sparse_coo"));
    const checkpoint = await openTorch({
      object: dict({
        meta: reduce(global("torch._utils", "_rebuild_meta_tensor_no_storage"), global("torch", "bfloat16"), counts(3, 4), counts(4, 1), bool(false)),
        sparse: reduce(global("torch._utils", "_rebuild_sparse_tensor"), coo, tuple(pickledTensor({ shape: [1] }), pickledTensor({ shape: [1] }), counts(9, 9))),
      }),
      storages: { 0: counting(1) },
    }); // prettier-ignore
    assert.deepEqual(
      checkpoint.tensors.map(({ name, dtype, shape, bytes }) => [name, dtype, shape, bytes]),
      [
        ["meta", "BF16 (meta)", [3, 4], 0],
        ["sparse", "F32 (sparse_coo)", [9, 9], 0],
      ],
    );
    assert.deepEqual(codesOf(checkpoint), ["torch.listed-only", "torch.listed-only"]);
    for (const tensor of checkpoint.tensors) assert.equal(unavailability(checkpoint, tensor), "unknown-type");
  });

  it("whose stored values are not those they stand for, or of a type that is not decoded, are listed", async () => {
    const arguments_ = [pickledStorage("0", "Float", 2), int(0), counts(2), counts(1), bool(false), ordered({})];
    const untyped = [pickledStorage("0", "Untyped", 8), ...arguments_.slice(1)];
    const rebuild = (version: string, ...more: string[]): string => reduce(global("torch._utils", `_rebuild_tensor_v${version}`), ...more);
    const checkpoint = await openTorch({
      object: dict({
        negated: rebuild("2", ...arguments_, dict({ neg: bool(true) })),
        later: rebuild("3", ...untyped, global("torch", "float64"), dict({ neg: bool(true) })),
        half: rebuild("3", ...untyped, global("torch", "complex32")),
        plain: rebuild("2", ...arguments_, dict({ neg: bool(false) })),
      }),
      storages: { 0: counting(2) },
    });
    assert.deepEqual(
      checkpoint.tensors.map(({ name, dtype, shape }) => [name, dtype, shape]),
      [
        ["negated", "F32 (negated)", [2]],
        ["later", "F64 (negated)", [2]],
        ["half", "complex32", [2]],
        ["plain", "F32", [2]],
      ],
    );
    assert.deepEqual(codesOf(checkpoint), ["torch.listed-only", "torch.listed-only", "torch.listed-only"]);
    assert.deepEqual(floatValues(checkpoint, "plain"), [0, 1]);
  });

  it("of TorchScript archives are shown, with their constants", async () => {
    const constants = { name: "archive/constants.pkl", bytes: Buffer.from(pickle.whole(tuple(pickledTensor({ shape: [1] }))), "latin1") };
    const checkpoint = await openTorch({
      object: object(global("__torch__", "Net"), dict({ fc: object(global("__torch__.torch.nn.modules.linear", "Linear"), dict({ weight: pickledTensor({ shape: [2] }) })) })),
      storages: { 0: counting(2) },
      others: [constants, { name: "archive/constants/0", bytes: counting(1) }],
    }); // prettier-ignore
    assert.deepEqual(namesOf(checkpoint), ["fc.weight", "constants.0"]);
    assert.deepEqual(codesOf(checkpoint), ["torch.torchscript"]);
  });

  it("of shards are shown together", async () => {
    const shard = (name: string): Uint8Array =>
      writeTorch({ object: dict({ [name]: pickledTensor({ shape: [2] }) }), storages: { 0: counting(2) } });
    const index = JSON.stringify({ metadata: { total_size: 16 }, weight_map: { a: "pytorch_model-00001-of-00002.bin", b: "pytorch_model-00002-of-00002.bin" } }); // prettier-ignore
    const files = {
      "pytorch_model.bin.index.json": index,
      "pytorch_model-00001-of-00002.bin": shard("a"),
      "pytorch_model-00002-of-00002.bin": shard("b"),
      "training_args.bin": "x",
    };
    for (const name of [undefined, "pytorch_model.bin.index.json", "pytorch_model-00002-of-00002.bin"]) {
      const checkpoint = await openFiles(files, name);
      assert.deepEqual([checkpoint.format, ...namesOf(checkpoint), ...checkpoint.warnings], ["torch", "a", "b"]);
    }
  });
});
