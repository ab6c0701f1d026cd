import assert from "node:assert/strict";
import { FormatError } from "../../../src/core/errors";
import { explainNodeError } from "../../../src/io/nodeErrors";

function systemError(code: string): Error {
  return Object.assign(new Error(code), { code });
}

describe("errors of the system", () => {
  it("become findings with a stable code and a hint", () => {
    const cases: [string, string][] = [
      ["ENOENT", "io.not-found"],
      ["ENOTDIR", "io.not-found"],
      ["EACCES", "io.no-access"],
      ["EPERM", "io.no-access"],
      ["EISDIR", "io.is-folder"],
      ["EMFILE", "io.too-many-files"],
      ["EIO", "io.failed"],
      ["ESTALE", "io.changed"],
    ];
    for (const [system, code] of cases) {
      const error = explainNodeError(systemError(system), "a.gguf");
      assert.ok(error instanceof FormatError);
      assert.deepEqual([error.code, error.fields.file, error.fields.found], [code, "a.gguf", system]);
      assert.match(error.message, /"a\.gguf"/);
      assert.ok(error.fields.hint);
    }
  });

  it("are named where we have no better words", () => {
    const error = explainNodeError(systemError("EPROTO"), "a");
    assert.ok(error instanceof FormatError && error.code === "io.failed" && error.message.includes("EPROTO"));
  });

  it("pass through when they are no such errors", () => {
    for (const other of [new TypeError("x"), systemError("ERR_INVALID_ARG_TYPE"), "text", undefined])
      assert.equal(explainNodeError(other, "a"), other);
  });
});
