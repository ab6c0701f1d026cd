import assert from "node:assert/strict";
import { UsageError } from "../../../src/core/errors";
import { playgroundLink } from "../../../src/extension/playground/playgroundLink";
import { linkedCommand } from "../../../src/extension/webLink";
import { playgroundState, restoredState, usualState } from "../../../src/extension/playground/playgroundState";

const codeOf = (value: unknown): unknown => {
  try {
    playgroundState(value);
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
  return undefined;
};

describe("what the playground shows", () => {
  it("is as usual where nothing is said", () => {
    for (const value of [undefined, null, {}]) assert.deepEqual(playgroundState(value), usualState);
  });

  it("takes every field that is right, and leaves out what it does not know", () => {
    const shaped = { distribution: "student", freedom: 3, shift: -1.5, outlierShare: 0.01, outlierFactor: 40, rows: 64, seed: 7 };
    const state = {
      data: "shaped",
      tensor: "a.b",
      shaped,
      scheme: "int3-g64",
      method: "awq",
      model: "70B",
      measure: "output",
      logScale: false,
    };
    assert.deepEqual(playgroundState({ ...state, uri: "file:///x", more: 1 }), state);
    assert.deepEqual(playgroundState({ shaped: { seed: 2 } }).shaped, { ...usualState.shaped, seed: 2 });
  });

  it("refuses what is wrong, field by field", () => {
    const wrong: object[] = [
      { data: "file" },
      { tensor: 3 },
      { tensor: "x".repeat(70_000) },
      { shaped: "normal" },
      { shaped: { distribution: "cauchy" } },
      { shaped: { freedom: 0 } },
      { shaped: { shift: NaN } },
      { shaped: { outlierShare: 0.5 } },
      { shaped: { outlierFactor: Infinity } },
      { shaped: { rows: 65 } },
      { shaped: { rows: 2 ** 40 } },
      { shaped: { seed: 1.5 } },
      { scheme: 4 },
      { model: "x".repeat(33) },
      { measure: "mae" },
      { logScale: 1 },
      { method: "hqq" },
      ...["int3", "int5-g64", "int4-sym-mse", "Q4_K", "nf4"].map((scheme) => ({ method: "gptq", scheme })),
    ];
    for (const value of [...wrong, "state", 1, []]) assert.equal(codeOf(value), "bad-state", JSON.stringify(value));
    assert.equal(codeOf({ scheme: "int99" }), "unknown-type");
    assert.equal(codeOf({ __proto__: null, shaped: { __proto__: { rows: 1 } } }), undefined);
  });

  it("is as usual again where what was kept is wrong", () => {
    assert.deepEqual(restoredState({ scheme: "int99" }), usualState);
    assert.deepEqual(restoredState({ scheme: "int2" }), { ...usualState, scheme: "int2" });
  });
});

describe("the link to the playground", () => {
  /** What VS Code passes to the command. */
  function argumentOf(link: string): unknown {
    const match = /^command:quantscope\.openPlayground\?(.+)$/.exec(link);
    assert.ok(match);
    assert.match(match[1]!, /^[\w%.!~*'()-]+$/);
    const list = JSON.parse(decodeURIComponent(match[1]!)) as unknown[];
    assert.equal(list.length, 1);
    return list[0];
  }

  it("opens what it was made from", () => {
    const state = { ...usualState, scheme: "nf4", tensor: "a & b) [c", model: "7B" };
    assert.deepEqual(playgroundState(argumentOf(playgroundLink("command", "vscode", state))), state);
  });

  it("names the checkpoint unless it is the sample", () => {
    assert.ok(!("checkpoint" in (argumentOf(playgroundLink("command", "vscode", usualState)) as object)));
    const argument = argumentOf(playgroundLink("command", "vscode", usualState, "file:///a/b%20c.gguf"));
    assert.equal((argument as { checkpoint?: unknown }).checkpoint, "file:///a/b%20c.gguf");
    assert.deepEqual(playgroundState(argument), usualState);
  });
});

describe("a link from outside", () => {
  /** As VS Code hands it on: decoded once. */
  function follow(link: string, known: readonly string[] = []) {
    const { pathname, search } = new URL(link);
    return linkedCommand({ path: pathname, query: decodeURIComponent(search.slice(1)) }, (checkpoint) => known.includes(checkpoint));
  }
  const refused = (link: string, known?: string[]): void =>
    assert.throws(
      () => follow(link, known),
      (error) => error instanceof UsageError && error.code === "bad-link",
      link,
    );
  const encoded = (state: unknown): string => Buffer.from(JSON.stringify(state)).toString("base64url");
  const playground = "vscode://quantscope.quantscope/playground";

  it("opens the playground with what it was made from", () => {
    const state = { ...usualState, scheme: "nf4", tensor: "a & b = %25 ü", model: "7B" };
    const link = playgroundLink("web", "vscode-insiders", state);
    assert.ok(link.startsWith("vscode-insiders://quantscope.quantscope/playground?state="));
    const { id, argument } = follow(link);
    assert.equal(id, "quantscope.openPlayground");
    assert.deepEqual(playgroundState(argument), state);
    assert.deepEqual(follow(playground), { id: "quantscope.openPlayground", argument: {} });
  });

  it("opens the lesson at a section", () => {
    assert.deepEqual(follow("vscode://quantscope.quantscope/lesson?section=beyond"), { id: "quantscope.openLesson", argument: "beyond" });
    assert.deepEqual(follow("vscode://quantscope.quantscope/lesson"), { id: "quantscope.openLesson", argument: undefined });
  });

  it("opens no checkpoint but those of the workspace", () => {
    const checkpoint = "file:///models/model.gguf";
    const link = playgroundLink("web", "vscode", usualState, checkpoint);
    assert.deepEqual(follow(link, [checkpoint]).argument, { ...usualState, checkpoint });
    refused(link);
    refused(`${playground}?state=${encoded({ checkpoint: ["file:///models/model.gguf"] })}`, [checkpoint]);
    refused(`${playground}?state=${encoded({ checkpoint: null })}`);
  });

  it("refuses everything else", () => {
    for (const state of ["%7B%7D", "e30=", "abc", encoded([]), encoded("x"), encoded(null)]) refused(`${playground}?state=${state}`);
    for (const path of ["", "/", "/open?file=/etc/passwd", "/playground/", "/Playground"]) refused(`vscode://quantscope.quantscope${path}`);
    refused(`${playground}?state=${"A".repeat(2 ** 17)}`);
  });
});
