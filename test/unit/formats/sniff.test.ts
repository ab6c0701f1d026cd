import assert from "node:assert/strict";
import { namesOf, openBytes, openFiles, refusalOf } from "../../support/openBytes";
import { ggufF32, writeGguf } from "../../support/ggufWriter";
import { patternBytes, writeSafetensors } from "../../support/safetensorsWriter";
import { writeZip } from "../../support/zipWriter";

function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

function zip(...names: string[]): Uint8Array {
  return writeZip(names.map((name) => ({ name, bytes: patternBytes(10) })));
}

describe("sniffing", () => {
  it("goes by content, whatever the name", async () => {
    const safetensors = writeSafetensors([{ name: "s", dtype: "U8", shape: [3] }]);
    const gguf = writeGguf({ tensors: [ggufF32("g", [8])] });
    for (const name of ["model.gguf", "model.safetensors", "model", "config.json", "a.txt"]) {
      assert.deepEqual(namesOf(await openBytes(safetensors, name)), ["s"]);
      assert.deepEqual(namesOf(await openBytes(gguf, name)), ["g"]);
    }
  });

  const tarOf = (name: string): Uint8Array => {
    const tar = new Uint8Array(512);
    tar.set(latin1(name));
    tar.set(latin1("ustar"), 257);
    return tar;
  };
  const cases: [what: string, content: Uint8Array | string, code: string, message: RegExp][] = [
    ["an empty file", "", "sniff.empty", /empty/],
    ["a web page", "\n <!DOCTYPE html><html>", "sniff.html", /a web page/],
    ["another web page", "<HTML lang=en>", "sniff.html", /a web page/],
    ["an error in XML", '<?xml version="1.0"?><Error><Code>AccessDenied', "sniff.xml", /XML/],
    ["an error in text", "Entry not found", "sniff.text", /a text file/],
    [
      "an ONNX model in text",
      '<\n   ir_version: 14,\n   opset_import: ["" : 28]\n>\ng () => ()',
      "sniff.onnx-text",
      /an ONNX model written as text/,
    ],
    ["an ONNX model in JSON", '{\n  "irVersion": "14",', "sniff.onnx-text", /an ONNX model written as text/],
    ["another ONNX model in JSON", '{"ir_version": 14', "sniff.onnx-text", /an ONNX model written as text/],
    ["JSON that is no index", '{"error":"Repository not found"}', "sniff.json", /a JSON file/],
    ["a JSON array", "[1]", "sniff.json", /a JSON file/],
    ["another zip", zip("a.txt"), "sniff.zip", /a zip archive/],
    ["ggml", latin1("lmgg\x01\0\0\0"), "sniff.ggml", /"ggml" file from before GGUF/],
    ["ggmf", latin1("fmgg\x01\0\0\0"), "sniff.ggml", /"ggmf"/],
    ["ggjt", latin1("tjgg\x03\0\0\0"), "sniff.ggml", /"ggjt"/],
    ["ggla", latin1("algg\x01\0\0\0"), "sniff.ggml", /"ggla"/],
    ["tar", tarOf("model/config.json"), "sniff.tar", /tar archive/],
    ["tar of an old PyTorch", tarOf("sys_info"), "sniff.torch-tar", /PyTorch checkpoint in the tar format/],
    ["gzip", latin1("\x1f\x8b\x08\0"), "sniff.compressed", /gzip/],
    ["zstd", latin1("\x28\xb5\x2f\xfd\x04"), "sniff.compressed", /zstd/],
    ["zeros", new Uint8Array(10_000), "sniff.all-zero", /filled with zeros/],
    ["zeros at the start", new Uint8Array([...new Uint8Array(5000), 1]), "sniff.zero-start", /zero where its header/],
    ["anything else", patternBytes(100), "sniff.unknown", /no format that Quantscope knows/],
  ];
  for (const [what, content, code, message] of cases) {
    it(`names ${what}`, async () => {
      const error = await refusalOf(openBytes(content, "model.ckpt"));
      assert.equal(error.code, code);
      assert.match(error.message, message);
      assert.match(error.message, /^"model\.ckpt" is .*\. Quantscope reads safetensors, GGUF, .* and .*\.$/);
      assert.deepEqual([error.fields.file, error.fields.offset], ["model.ckpt", 0]);
      for (const field of ["expected", "found", "hint"] as const) assert.ok(error.fields[field], field);
      if (what !== "anything else") assert.equal((await refusalOf(openBytes(content, "model.safetensors"))).code, code);
    });
  }

  it("sends to the address only where a text is what a server answered", async () => {
    const hintOf = async (text: string): Promise<string> => (await refusalOf(openBytes(text, "broken.pt"))).fields.hint!;
    for (const text of ["Entry not found", "404: Not Found", "Access to model x is restricted.", "Forbidden", "HTTP/1.1 403 Forbidden"])
      assert.match(await hintOf(text), /browser/, text);
    for (const text of ["abc", "# My model\nweights at …", "1 2 3", "4096 weights"]) {
      assert.match(await hintOf(text), /text editor/, text);
      assert.doesNotMatch(await hintOf(text), /browser/, text);
    }
  });

  it("shows which file a Git LFS pointer stands for", async () => {
    const oid = `sha256:${"0123456789abcdef".repeat(4)}`;
    const pointer = `version https://git-lfs.github.com/spec/v1\noid ${oid}\nsize 9876543210\n`;
    for (const name of ["model.safetensors", "model.gguf"]) {
      const error = await refusalOf(openBytes(pointer, name));
      assert.equal(error.code, "sniff.lfs-pointer");
      assert.equal(error.fields.expected, "a file of 9,876,543,210 bytes");
      assert.equal(error.fields.found, `a pointer to ${oid} of 9,876,543,210 bytes`);
      assert.match(error.fields.hint ?? "", /git lfs pull/);
    }
    assert.equal((await refusalOf(openBytes(pointer.split("\n")[0]!))).fields.found, "a pointer");
  });

  it("lets a format's own reader explain a damaged file of its name", async () => {
    assert.equal((await refusalOf(openBytes(patternBytes(100), "model.safetensors"))).code, "safetensors.header-too-large");
    assert.equal((await refusalOf(openBytes(patternBytes(100), "MODEL.GGUF"))).code, "gguf.bad-magic");
    assert.equal((await refusalOf(openBytes(patternBytes(3), "model.safetensors"))).code, "safetensors.header-too-small");
  });

  it("does not cut a character at the end of what it looks at", async () => {
    const text = `${"a".repeat(4095)}é and more`;
    assert.equal((await refusalOf(openBytes(text))).code, "sniff.text");
  });

  it("is refused by name where the file is not there", async () => {
    assert.equal((await refusalOf(openFiles({}, "model.gguf"))).code, "io.not-found");
  });
});
