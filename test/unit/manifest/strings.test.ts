import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { literalArguments, manifest, readJson, root, sorted, sources } from "./manifestSource";

type Texts = Record<string, string>;

/** Keys in `%…%` that the manifest uses, and commands that its texts link to. */
const manifestText = readFileSync(path.join(root, "package.json"), "utf8");
const languages = ["de"];

function placeholders(text: string): string[] {
  return sorted(text.match(/\{\d+\}/g) ?? []);
}

describe("strings of the manifest", () => {
  const english = readJson<Texts>("package.nls.json");

  it("are all there, and none too many", () => {
    const used = [...manifestText.matchAll(/"%([^%"]+)%"/g)].map((match) => match[1]!);
    assert.deepEqual(sorted(used), sorted(Object.keys(english)));
  });

  it("link only to commands that exist", () => {
    const commands = new Set(manifest.contributes.commands.map((command) => command.command));
    for (const text of Object.values(english)) {
      for (const match of text.matchAll(/\(command:(?:toSide:)?([\w.]+)/g)) assert.ok(commands.has(match[1]!), match[1]);
    }
  });

  for (const language of languages) {
    it(`are translated in full: ${language}`, () => {
      const translated = readJson<Texts>(`package.nls.${language}.json`);
      assert.deepEqual(sorted(Object.keys(translated)), sorted(Object.keys(english)));
      const links = (text: string) => text.match(/command:[^)]+/g) ?? [];
      for (const [key, text] of Object.entries(english)) assert.deepEqual(links(translated[key]!), links(text), key);
    });
  }
});

describe("strings of the code", () => {
  const folder = manifest.l10n;
  const english = readJson<Texts>(path.join(folder, "bundle.l10n.json"));

  it("are all in the English bundle, and none too many", () => {
    const host = literalArguments(sources("src/extension"), /^vscode\.l10n\.t$/);
    const page = literalArguments(sources("webview"), /^(?:\w+\.)*t$/);
    assert.ok(host.length > 0);
    assert.deepEqual(sorted(Object.keys(english)), sorted([...host, ...page]));
  });

  it("stand for themselves in the English bundle", () => {
    for (const [key, text] of Object.entries(english)) assert.equal(text, key);
  });

  for (const language of languages) {
    it(`are translated in full, with the same placeholders: ${language}`, () => {
      const file = path.join(folder, `bundle.l10n.${language}.json`);
      assert.ok(existsSync(path.join(root, file)), file);
      const translated = readJson<Texts>(file);
      assert.deepEqual(sorted(Object.keys(translated)), sorted(Object.keys(english)));
      for (const key of Object.keys(english)) assert.deepEqual(placeholders(translated[key]!), placeholders(key), key);
    });
  }
});
