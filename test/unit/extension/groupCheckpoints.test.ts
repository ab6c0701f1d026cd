import assert from "node:assert/strict";
import { type FoundFile, groupCheckpoints, isCheckpointName } from "../../../src/extension/views/groupCheckpoints";

function files(...paths: string[]): FoundFile[] {
  return paths.map((path) => ({ folder: path.slice(0, path.lastIndexOf("/")), name: path.slice(path.lastIndexOf("/") + 1) }));
}

describe("groupCheckpoints", () => {
  it("puts shards and their index together and opens the index", () => {
    const groups = groupCheckpoints(
      files(
        "/w/llama/model-00002-of-00002.safetensors",
        "/w/llama/model.safetensors.index.json",
        "/w/llama/model-00001-of-00002.safetensors",
      ),
    );
    assert.deepEqual(groups, [
      {
        label: "llama",
        folder: "/w/llama",
        main: "model.safetensors.index.json",
        parts: ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"],
      },
    ]);
  });

  it("opens the first shard where there is no index", () => {
    const [group] = groupCheckpoints(files("/w/big-00002-of-00003.gguf", "/w/big-00001-of-00003.gguf", "/w/big-00003-of-00003.gguf"));
    assert.equal(group?.main, "big-00001-of-00003.gguf");
    assert.equal(group?.label, "big");
    assert.equal(group?.parts.length, 3);
  });

  it("keeps different files apart, also of the same name in different folders", () => {
    const groups = groupCheckpoints(files("/w/b/model.safetensors", "/w/a/model.safetensors", "/w/a/tiny.gguf"));
    assert.deepEqual(
      groups.map((group) => [group.label, group.main]),
      [
        ["a", "model.safetensors"],
        ["tiny.gguf", "tiny.gguf"],
        ["b", "model.safetensors"],
      ],
    );
  });

  it("tells two generic names in one folder apart", () => {
    const labels = groupCheckpoints(files("/w/a/model.safetensors", "/w/a/model.gguf")).map((group) => group.label);
    assert.deepEqual(labels, ["a/model.gguf", "a/model.safetensors"]);
  });

  it("does not mix safetensors and GGUF shards of the same name", () => {
    assert.equal(groupCheckpoints(files("/w/x-00001-of-00002.gguf", "/w/x-00001-of-00002.safetensors")).length, 2);
  });

  it("puts the parts of Keras's weights together, and lists no index of others by itself", () => {
    const paths = [
      "/w/m/net_00001.weights.h5",
      "/w/m/net.weights.json",
      "/w/m/net_00000.weights.h5",
      "/w/m/other.weights.json",
      "/w/m/net.weights.h5",
    ];
    const parts = ["net_00000.weights.h5", "net_00001.weights.h5"];
    assert.deepEqual(groupCheckpoints(files(...paths)), [
      { label: "net.weights.h5", folder: "/w/m", main: "net.weights.h5", parts: ["net.weights.h5"] },
      { label: "net", folder: "/w/m", main: "net.weights.json", parts },
    ]);
    assert.ok(isCheckpointName("net.weights.json") && !isCheckpointName("weights.json"));
  });

  it("lists an index whose shards are missing", () => {
    assert.deepEqual(groupCheckpoints(files("/w/m/model.safetensors.index.json")), [
      { label: "m", folder: "/w/m", main: "model.safetensors.index.json", parts: [] },
    ]);
  });
});
