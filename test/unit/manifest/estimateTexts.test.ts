import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { noteText, noteTexts } from "../../../src/core/estimate/notes";
import { everyStorageType } from "../../../src/core/estimate/storageTypes";
import { listSchemes } from "../../../src/core/quant/registry";
import { root } from "./manifestSource";

const source = readFileSync(path.join(root, "src", "extension", "estimate", "localizedTexts.ts"), "utf8");

describe("texts of estimates", () => {
  it("say in the editor, before translation, what the notes say on the command line", () => {
    const texts = [...source.matchAll(/^ {2}(\w+): \((?:value)?\) => vscode\.l10n\.t\("([^"]+)"/gm)];
    assert.deepEqual(Object.fromEntries(texts.map(([, code, text]) => [code, text])), { ...noteTexts });
    assert.equal(noteText({ code: "wider", value: "3" }), "3 tensors do not divide into blocks and take a wider type");
  });

  it("have a translation for every part of every type's label that is no name", () => {
    const patterns = [...source.matchAll(/^ {2}\[\/(.+)\/, \(/gm)].map(([, pattern]) => new RegExp(pattern!));
    assert.ok(patterns.length > 20);
    const parts = new Set(
      [...everyStorageType, ...listSchemes()].flatMap(({ label }) => label.split(" · ").slice(1).join(" · ").split(", ")),
    );
    const unknown = [...parts].filter((part) => !patterns.some((pattern) => pattern.test(part)));
    assert.deepEqual(unknown.sort(), ["BitNet b1.58", "bfloat16"]);
    for (const pattern of patterns)
      assert.ok(
        [...parts].some((part) => pattern.test(part)),
        `${pattern.source} is in no label`,
      );
  });
});
