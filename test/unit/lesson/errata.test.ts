import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

const root = path.join(__dirname, "..", "..", "..");

/** Claims of the lesson that are wrong, see the errata: no text of the product makes them. */
const wrongClaims: readonly RegExp[] = [
  /INT8[^.]{0,40}\b8\s?[x×] smaller|\b8\s?[x×] (smaller|compression)[^.]{0,40}INT8/i,
  /INT4[^.]{0,40}\b16\s?[x×] smaller|\b16\s?[x×] smaller/i,
  /gradient-based/i,
  /\b26\.0 GB\b|\b3\.25 GB\b|26702\.88|13351\.44|6675\.72|3337\.86/,
  /compression (of )?[248]00\s?%|[248]00\s?% vs/i,
  /matter much less/i,
  /less important weights get quantized/i,
  /less than 1\s?% accuracy loss|\b4-8x faster|\b2-4x faster/i,
  /zero-point is always 128/i,
  /state-of-the-art at low bit/i,
];

function filesBelow(folder: string): string[] {
  return readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}

describe("texts of the lesson", () => {
  const files = [
    ...filesBelow("webview/lesson"),
    ...filesBelow("src/core/lesson"),
    path.join(root, "l10n", "bundle.l10n.json"),
    path.join(root, "package.nls.json"),
  ];

  it("make none of the wrong claims of the errata", () => {
    assert.ok(files.length > 20);
    for (const file of files) {
      const text = readFileSync(file, "utf8");
      for (const claim of wrongClaims) assert.doesNotMatch(text, claim, path.relative(root, file));
    }
  });

  it("would be found", () => {
    for (const text of [
      "INT8 makes it 8x smaller",
      "GPTQ is Gradient-based",
      "FP32: 26.0 GB",
      "INT4: 16x smaller",
      "the zero-point is always 128",
    ]) {
      assert.ok(
        wrongClaims.some((claim) => claim.test(text)),
        text,
      );
    }
  });
});
