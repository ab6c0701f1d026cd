import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { sharedOrSkip } from "../../support/shared";
import { wrongClaims, wrongClaimsIn } from "../../support/wrongClaims";

const root = path.join(__dirname, "..", "..", "..");

function filesBelow(folder: string, ending: string): string[] {
  return readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => path.join(entry.parentPath, entry.name));
}

/** Every text that users read. */
const files = [
  ...filesBelow("webview", ".ts"),
  ...filesBelow("src/core/lesson", ".ts"),
  ...filesBelow("src/extension/lesson", ".ts"),
  ...filesBelow("l10n", ".json"),
  ...filesBelow("media/walkthrough", ".svg"),
  ...readdirSync(root)
    .filter((name) => /^package\.nls.*\.json$|^(README|CHANGELOG)\.md$/.test(name))
    .map((name) => path.join(root, name)),
];

describe("wrong claims of the lesson", () => {
  it("are looked for in every kind of text", () => {
    const names = files.map((file) => path.relative(root, file).replaceAll(path.sep, "/"));
    for (const name of [
      ...["l10n/bundle.l10n.json", "l10n/bundle.l10n.de.json", "package.nls.json", "package.nls.de.json", "README.md"],
      ...["media/walkthrough/quantize.svg", "src/core/lesson/quiz/quizzes.ts", "webview/lesson/quiz/quizTextsMethods.ts"],
      ...["webview/lesson/sections/why.ts", "webview/playground/playgroundPage.ts"],
    ])
      assert.ok(names.includes(name), name);
  });

  it("are made by none of them", () => {
    const made = files.flatMap((file) =>
      wrongClaimsIn(readFileSync(file, "utf8")).map((claim) => `${path.relative(root, file)} makes claim ${claim}`),
    );
    assert.deepEqual(made, []);
  });

  for (const { row, patterns, said, right } of wrongClaims) {
    it(`row ${row}: would be found, and what is right is not`, () => {
      for (const text of said)
        assert.ok(
          patterns.some((pattern) => pattern.test(text)),
          text,
        );
      for (const text of right) assert.deepEqual(wrongClaimsIn(text), [], text);
    });
  }

  it("are those of every row of the errata", function () {
    const rows = [...readFileSync(sharedOrSkip(this, "lesson/errata.md"), "utf8").matchAll(/^\| (\d+) \|/gm)].map((match) =>
      Number(match[1]),
    );
    assert.deepEqual(
      wrongClaims.map(({ row }) => row),
      rows,
    );
  });

  it("are all found in the lesson that makes them", function () {
    const folder = path.dirname(sharedOrSkip(this, "lesson/errata.md"));
    const text = readdirSync(folder)
      .filter((name) => name.endsWith(".txt"))
      .map((name) => readFileSync(path.join(folder, name), "utf8"))
      .join("\n");
    const found = new Set(wrongClaimsIn(text).map((claim) => Number(claim.split(":")[0])));
    assert.deepEqual(
      wrongClaims.map(({ row }) => row).filter((row) => !found.has(row)),
      [],
    );
  });
});
