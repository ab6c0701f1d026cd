import assert from "node:assert/strict";
import { tabName } from "../../../src/extension/editor/tabName";

describe("names of tabs", () => {
  it("are those of the files", () => {
    assert.equal(tabName("/models/llama/model.safetensors", []), "model.safetensors");
    assert.equal(
      tabName("/models/llama/model.safetensors", ["/models/qwen/model.gguf", "/models/qwen/big-model.safetensors"]),
      "model.safetensors",
    );
  });

  it("have as many folders as tell them from others", () => {
    assert.equal(tabName("/models/llama/model.safetensors", ["/models/qwen/model.safetensors"]), "llama/model.safetensors");
    assert.equal(tabName("/m/a/hf/model.safetensors", ["/m/b/hf/model.safetensors", "/c/x/model.safetensors"]), "a/hf/model.safetensors");
  });

  it("are whole paths where one path ends with the other, and not told from their own", () => {
    assert.equal(tabName("/hf/model.bin", ["/other/hf/model.bin"]), "/hf/model.bin");
    assert.equal(tabName("/hf/model.bin", ["/hf/model.bin"]), "model.bin");
  });
});
