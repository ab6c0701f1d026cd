import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { loaderWarningTexts } from "../../../src/core/export/loaderWarnings";
import { reasonText, reasonTexts } from "../../../src/core/recipe/reasons";
import { root } from "./manifestSource";

describe("reasons", () => {
  it("say in the editor, before translation, what they say on the command line", () => {
    for (const [file, english] of [
      ["localizedReason.ts", reasonTexts],
      ["localizedLoaderWarning.ts", loaderWarningTexts],
    ] as const) {
      const source = readFileSync(path.join(root, "src", "extension", "quantize", file), "utf8");
      const texts = [...source.matchAll(/^ {2}(\w+): \((?:\.\.\.values)?\) =>\s+vscode\.l10n\.t\(\s*"([^"]+)"/gm)];
      assert.deepEqual(Object.fromEntries(texts.map(([, code, text]) => [code, text])), { ...english });
    }
  });

  it("have their values in the places of the text", () => {
    assert.equal(reasonText({ code: "indivisible", values: ["896", "Q4_K"] }), "896 columns do not divide into Q4_K blocks");
    assert.equal(reasonText("kept"), "kept");
  });
});
