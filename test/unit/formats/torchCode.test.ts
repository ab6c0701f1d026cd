import assert from "node:assert/strict";
import { codesOf, openBytes, placeOf, refusalOf, warningOf } from "../../support/openBytes";
import { openTorch } from "../../support/openTorch";
import { floatValues } from "../../support/tensorValues";
import { counting, pickle, pickledTensor, writeTorch } from "../../support/torchWriter";

const { counts, dict, global, list, none, object, reduce, text } = pickle;

describe("PyTorch: code in checkpoints", () => {
  const system = reduce(global("posix", "system"), text("touch /tmp/x"));

  it("is a finding that names what would be called and where, and the tensors are shown", async () => {
    const tensor = pickledTensor({ shape: [2] });
    const objects = [
      dict({ w: tensor, x: system }),
      `${system}0${dict({ w: tensor })}`,
      dict({ w: tensor, x: object(global("posix", "system"), none) }),
      dict({ w: tensor, x: `(${text("ls")}iposix\nsystem\n` }),
      dict({ w: tensor, x: `X\x05\0\0\0posixX\x06\0\0\0system\x93)R` }),
    ];
    for (const content of objects) {
      const file = writeTorch({ object: content, storages: { 0: counting(2) } });
      const checkpoint = await openBytes(file, "m.pt");
      assert.deepEqual(floatValues(checkpoint, "w"), [0, 1]);
      const finding = warningOf(checkpoint, "torch.unsafe-global");
      assert.match(finding.message, /would call "posix\.system"/);
      assert.equal(finding.severity, "error");
      const named = placeOf(file, "posix\nsystem");
      assert.equal(finding.offset, named > 0 ? named - 1 : placeOf(file, "\x93)R"));
    }
  });

  const unsafe = [
    "os.system", "nt.system", "subprocess.Popen", "builtins.eval", "builtins.exec", "builtins.getattr", "builtins.__import__", "builtins.open",
    "__builtin__.eval", "runpy._run_code", "importlib.import_module", "webbrowser.open", "socket.socket", "ctypes.CDLL", "pickle.loads",
    "code.interact", "torch.load", "torch.hub.load", "torch.utils.collect_env.run", "torch.serialization.load", "torch.storage._load_from_bytes",
    "pip._internal.main", "functools.partial", "numpy.testing._private.utils.runstring", "unknown.thing", "torch.nn.parameter.os.system",
  ]; // prettier-ignore
  for (const name of unsafe) {
    it(`names ${name}`, async () => {
      const dot = name.lastIndexOf(".");
      const called = reduce(global(name.slice(0, dot), name.slice(dot + 1)), text("x"));
      const finding = warningOf(await openTorch({ object: dict({ x: called }) }), "torch.unsafe-global");
      assert.equal(finding.found, name);
    });
  }

  it("is told apart from objects of known libraries that hold data", async () => {
    const checkpoint = await openTorch({
      object: dict({
        path: reduce(global("pathlib", "PosixPath"), text("a")),
        array: reduce(global("numpy._core.multiarray", "_reconstruct"), global("numpy", "ndarray"), counts(0), text("b")),
        safe: reduce(global("builtins", "set"), list()),
        counter: reduce(global("collections", "Counter"), dict({})),
      }),
    });
    assert.deepEqual(codesOf(checkpoint), ["torch.refused-global", "torch.refused-global", "torch.refused-global"]);
  });

  it("that is only imported is said to be", async () => {
    const finding = warningOf(await openTorch({ object: dict({ x: global("os", "system") }) }), "torch.unsafe-global");
    assert.match(finding.message, /would import "os\.system"/);
  });

  it("allows TorchScript's own classes in its archives only", async () => {
    const checkpoint = await openTorch({ object: object(global("__torch__", "Net"), dict({})) });
    warningOf(checkpoint, "torch.unsafe-global");
  });

  it("in a pickle of something else is listed", async () => {
    const bytes = Buffer.from(pickle.whole(dict({ x: system })), "latin1");
    const checkpoint = await openBytes(bytes, "model.pkl");
    assert.deepEqual(codesOf(checkpoint), ["torch.plain-pickle", "torch.unsafe-global"]);
    assert.deepEqual(checkpoint.metadata.map(({ key, value }) => [key, value]), [["posix.system", "called"]]); // prettier-ignore
    assert.equal((await refusalOf(openBytes(Buffer.from("\x80\x04K", "latin1"), "a.pkl"))).code, "torch.bad-pickle");
  });
});
