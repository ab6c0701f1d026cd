import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { findScheme } from "../../../src/core/quant/registry";
import {
  calibrationPanelType,
  errorsPanelType,
  gptqPanelType,
  estimatorPanelType,
  lessonPanelType,
  perplexityPanelType,
  playgroundPanelType,
  optionalViewType,
  preflightPanelType,
  treeItemKinds,
  viewIds,
  viewType,
  walkthroughId,
  walkthroughKeys,
} from "../../../src/extension/identifiers";
import { settingDefaults } from "../../../src/extension/settingDefaults";
import { collect, literalArguments, manifest, readJson, root, sorted, sources } from "./manifestSource";

const { contributes } = manifest;
const extension = sources("src/extension");
const walkthroughSteps = contributes.walkthroughs.flatMap(({ steps }) => steps);
const contributed = contributes.commands.map((command) => command.command);

/** Every `when` and `enablement` of the manifest, and every condition that checks a step of a walkthrough. */
function conditions(): string[] {
  const menus = Object.values(contributes.menus).flat();
  const events = walkthroughSteps.flatMap(({ completionEvents }) => completionEvents);
  const completions = events.map((event) => /^onContext:(.+)$/.exec(event)?.[1]);
  return [...menus.map((item) => item.when), ...contributes.commands.map((command) => command.enablement), ...completions].filter(
    (text) => text !== undefined,
  );
}

describe("manifest: commands", () => {
  const objects = collect(extension, (node) =>
    ts.isPropertyAssignment(node) &&
    node.name.getText() === "id" &&
    ts.isStringLiteral(node.initializer) &&
    node.initializer.text.startsWith("quantscope.")
      ? node.initializer.text
      : undefined,
  );

  it("contributes exactly the commands that the code defines", () => {
    assert.deepEqual(sorted(contributed), sorted(objects));
  });

  it("registers every command it defines", () => {
    const registry = extension.filter((file) => file.fileName === path.join("commands", "registry.ts"));
    const registered = collect(registry, (node) =>
      ts.isArrayLiteralExpression(node) ? node.elements.map((element) => element.getText()) : undefined,
    ).flat();
    assert.equal(new Set(registered).size, contributed.length);
  });

  it("only runs commands of its own that exist", () => {
    const run = collect(extension, (node) =>
      ts.isStringLiteral(node) && /^quantscope\.[a-z]\w*$/i.test(node.text) && !Object.values<string>(viewIds).includes(node.text)
        ? node.text
        : undefined,
    );
    const settings = Object.keys(contributes.configuration.properties);
    const panels = [
      calibrationPanelType,
      errorsPanelType,
      estimatorPanelType,
      gptqPanelType,
      lessonPanelType,
      perplexityPanelType,
      playgroundPanelType,
      preflightPanelType,
    ];
    const views = [viewType, ...panels, ...Object.values<string>(viewIds)];
    // `quantscope.checkpoint` also names a status bar item, `quantscope.jobs` another; the others are a storage key and a picture.
    const names = new Set([
      ...contributed,
      ...settings,
      ...views,
      "quantscope.editorStates",
      "quantscope.lessonProgress",
      "quantscope.svg",
    ]);
    assert.deepEqual(
      run.filter((name) => !names.has(name)),
      [],
    );
  });

  it("puts only its own commands into menus and welcome texts", () => {
    const inMenus = Object.values(contributes.menus).flatMap((items) => items.map((item) => item.command));
    assert.deepEqual(
      inMenus.filter((command) => !contributed.includes(command)),
      [],
    );
  });

  it("gives an icon to every command in the navigation group of a toolbar", () => {
    const toolbars = ["editor/title", "view/title"].flatMap((menu) => contributes.menus[menu] ?? []);
    const inline = contributes.menus["view/item/context"] ?? [];
    for (const item of [...toolbars, ...inline]) {
      if (!/^(navigation|inline)/.test(item.group ?? "")) continue;
      assert.ok(contributes.commands.find((command) => command.command === item.command)?.icon, `${item.command} has no icon`);
    }
  });
});

describe("manifest: when clauses", () => {
  it("uses exactly the context keys that the code sets", () => {
    const used = conditions().flatMap((condition) => condition.match(/quantscope:\w+/g) ?? []);
    const declared = collect(extension, (node) =>
      ts.isPropertySignature(node) && ts.isStringLiteral(node.name) && node.name.text.startsWith("quantscope:")
        ? node.name.text
        : undefined,
    );
    const steps = Object.values(walkthroughKeys);
    assert.deepEqual(sorted(used), sorted([...declared, ...steps]));
    assert.deepEqual(sorted(literalArguments(extension, /contextKeys\.set$/)), sorted(declared));
  });

  it("uses no other keys than those of VS Code that are meant", () => {
    const known = new Set([
      "activeCustomEditorId",
      "resourceExtname",
      "resourceFilename",
      "explorerResourceIsFolder",
      "view",
      "viewItem",
      "true",
      "false",
    ]);
    for (const condition of conditions()) {
      const keys = condition
        .replace(/=~ \/.*?\/(?= |$)/g, "")
        .replace(/[!=]= *'?[\w.]+'?/g, "")
        .match(/[A-Za-z][\w:]*/g);
      for (const key of keys ?? []) assert.ok(known.has(key) || key.startsWith("quantscope:"), `${key} in "${condition}"`);
    }
  });

  it("names views, editors and tree items that exist", () => {
    const text = conditions().join(" && ");
    const compared = (key: string) => [...text.matchAll(new RegExp(`\\b${key} == '?([\\w.]+)'?`, "g"))].map((match) => match[1]!);
    assert.deepEqual(sorted(compared("view")), sorted(Object.values(viewIds)));
    const editors = [...text.matchAll(/\bactiveCustomEditorId =~ \/(.*?)\/(?= |$)/g)].map((match) => match[1]!);
    assert.deepEqual(compared("activeCustomEditorId"), []);
    assert.ok(editors.length > 5);
    for (const editor of editors) for (const type of [viewType, optionalViewType]) assert.match(type, new RegExp(editor));
    const kinds = new Set<string>(Object.values(treeItemKinds));
    assert.deepEqual(
      compared("viewItem").filter((kind) => !kinds.has(kind)),
      [],
    );
  });
});

describe("manifest: editors and views", () => {
  const patternsOf = (type: string, priority: string): string[] => {
    const editors = contributes.customEditors.filter((editor) => editor.viewType === type);
    assert.deepEqual(
      editors.map((editor) => editor.priority),
      [priority],
    );
    return editors[0]!.selector.map((selector) => selector.filenamePattern);
  };

  it("opens files by default that nothing else opens", () => {
    assert.deepEqual(patternsOf(viewType, "default"), ["*.safetensors", "*.gguf", "*.safetensors.index.json"]);
  });

  it("offers itself for files that others may open, too", () => {
    const patterns = patternsOf(optionalViewType, "option");
    for (const ending of [
      "pt",
      "pth",
      "bin",
      "ckpt",
      "bin.index.json",
      "weights.json",
      "npy",
      "npz",
      "onnx",
      "tflite",
      "h5",
      "hdf5",
      "keras",
    ]) {
      assert.ok(patterns.includes(`*.${ending}`), ending);
    }
    assert.equal(new Set(patterns).size, patterns.length);
    assert.equal(contributes.customEditors.length, 2);
  });

  it("contributes exactly the views that the code fills", () => {
    const views = Object.values(contributes.views).flat();
    assert.deepEqual(sorted(views.map((view) => view.id)), sorted(Object.values(viewIds)));
    assert.deepEqual(
      sorted(Object.keys(contributes.views)),
      sorted(contributes.viewsContainers.activitybar.map((container) => container.id)),
    );
    const created = collect(extension, (node) =>
      ts.isCallExpression(node) && node.expression.getText().endsWith("createTreeView") ? node.arguments[0]?.getText() : undefined,
    );
    assert.deepEqual(sorted(created), sorted(Object.keys(viewIds).map((name) => `viewIds.${name}`)));
  });

  it("welcomes in views that exist", () => {
    const ids = new Set<string>(Object.values(viewIds));
    for (const welcome of contributes.viewsWelcome) assert.ok(ids.has(welcome.view), welcome.view);
  });

  it("names pictures that exist", () => {
    const icons = [...contributes.viewsContainers.activitybar, ...Object.values(contributes.views).flat()].map((item) => item.icon);
    for (const icon of [manifest.icon, ...icons]) assert.ok(existsSync(path.join(root, icon)), icon);
  });
});

describe("manifest: walkthrough", () => {
  it("has the steps that the code knows, each checked by nothing but having been done", () => {
    assert.deepEqual(
      contributes.walkthroughs.map(({ id }) => id),
      [walkthroughId],
    );
    const expected = Object.entries(walkthroughKeys).map(([step, key]) => [step, [`onContext:${key}`]]);
    assert.deepEqual(
      walkthroughSteps.map(({ id, completionEvents }) => [id, completionEvents]),
      expected,
    );
  });

  it("says every step to the code by the button that does it", () => {
    const english = readJson<Record<string, string>>("package.nls.json");
    const texts = walkthroughSteps.map(({ description }) => english[description.slice(1, -1)]!);
    assert.deepEqual(
      texts.map((text) => /^\[[^\]]+\]\(command:toSide:([^)]+)\)$/m.exec(text)?.[1]),
      ["quantscope.openSample", ...walkthroughSteps.slice(1).map(({ id }) => `quantscope.walkthroughStep?%22${id}%22`)],
    );
  });

  it("shows pictures whose colours are the theme's", () => {
    for (const { media } of walkthroughSteps) {
      const svg = readFileSync(path.join(root, media.svg), "utf8");
      assert.match(svg, /var\(--vscode-foreground\)/, media.svg);
      for (const [, color] of svg.matchAll(/(?:fill|stroke)="([^"]+)"/g)) assert.match(color!, /^none$|var\(--vscode-/, media.svg);
      assert.doesNotMatch(svg, /<style|style=|#[0-9a-f]{3,8}"|url\(|<script/i, media.svg);
      for (const [, size] of svg.matchAll(/font-size="([\d.]+)"/g)) assert.ok(Number(size) >= 12, media.svg);
    }
  });
});

describe("manifest: settings", () => {
  const properties = contributes.configuration.properties;

  it("contributes exactly the settings that the code reads", () => {
    const read = literalArguments(
      extension.filter((file) => file.fileName === "settings.ts"),
      /^configuration\.get$/,
    ).map((name) => `quantscope.${name}`);
    assert.deepEqual(sorted(read), sorted(Object.keys(properties)));
  });

  it("watches only settings that exist", () => {
    for (const name of literalArguments(extension, /affectsConfiguration$/)) assert.ok(name in properties, name);
  });

  it("agrees with the code about defaults and ranges", () => {
    for (const [name, expected] of Object.entries(settingDefaults)) {
      const property = properties[`quantscope.${name}`];
      assert.ok(property, name);
      for (const [field, value] of Object.entries(expected))
        assert.deepEqual(Object.entries(property).find(([key]) => key === field)?.[1], value, `${name}.${field}`);
    }
  });

  it("offers only quantization types that exist, the default among them", () => {
    const { enum: offered = [], default: initial } = properties["quantscope.defaultScheme"]!;
    for (const id of offered) assert.equal(findScheme(id).id.toLowerCase(), id.toLowerCase());
    assert.ok(offered.includes(String(initial)));
  });
});

describe("manifest: activation", () => {
  it("starts by itself only for a link and to bring back a page: VS Code derives the other events from what is contributed", () => {
    assert.deepEqual(manifest.activationEvents, [
      "onUri",
      ...[
        errorsPanelType,
        calibrationPanelType,
        perplexityPanelType,
        estimatorPanelType,
        gptqPanelType,
        playgroundPanelType,
        lessonPanelType,
      ].map((type) => `onWebviewPanel:${type}`),
    ]);
  });
});
