import assert from "node:assert/strict";
import { type CancellationToken, CancellationTokenSource, ErrorCodes, type RequestType, ResponseError } from "vscode-jsonrpc";
import { limits } from "../../../src/core/limits";
import type { ErrorsReport } from "../../../src/jobs/contract";
import { editorProtocol } from "../../../src/protocol/editor";
import { connect, settings } from "./editorConnection";
import { fakeErrors, fakePreview, settle } from "./fakeDocument";

async function refused(answer: Promise<unknown>, code: number): Promise<void> {
  await assert.rejects(answer, (error: unknown) => error instanceof ResponseError && error.code === code);
}

describe("EditorSession", () => {
  it("answers initialize with the whole picture", async () => {
    const { page, calls } = connect();
    const result = await page.sendRequest(editorProtocol.initialize);
    assert.equal(result.kind === "ready" && result.snapshot.tensors.length, 3);
    assert.deepEqual(result.settings, settings);
    assert.deepEqual(calls, [["initialized", "ready"]]);
  });

  it("asks the page to show what another view asks for", async () => {
    const { page, session } = connect();
    const asked: unknown[] = [];
    page.onNotification(editorProtocol.reveal, (view) => asked.push(view));
    await page.sendRequest(editorProtocol.initialize);
    session.reveal({ tensor: 1, tab: "types" });
    await settle();
    assert.deepEqual(asked, [{ tensor: 1, tab: "types" }]);
  });

  it("runs a scan and tells rows and states as they come", async () => {
    const { page } = connect();
    const seen: string[] = [];
    page.onNotification(editorProtocol.summaries, (batch) => seen.push(`rows ${batch.length}`));
    page.onNotification(editorProtocol.scanState, (state) => seen.push(state.kind));
    await page.sendRequest(editorProtocol.initialize);
    await page.sendRequest(editorProtocol.scan, {});
    await settle();
    assert.deepEqual(seen.slice(-2), ["rows 3", "done"]);
  });

  it("refuses wrong parameters without touching the engine", async () => {
    const { page, engine } = connect();
    await page.sendRequest(editorProtocol.initialize);
    const invalid = Number(ErrorCodes.InvalidParams);
    const send = (type: RequestType<never, unknown, void>, params: unknown) => page.sendRequest(type.method, params);
    const { detail, values, block, scan, metadata, metadataArray, save, action, copy, preview, types } =
      editorProtocol as unknown as Record<string, RequestType<never, unknown, void>>;
    const page0 = { tensor: 0, row: 0, rows: 1, column: 0, columns: 1 };
    const wrong: [RequestType<never, unknown, void> | undefined, unknown][] = [
      [detail, { tensor: 3 }],
      [detail, { tensor: -1 }],
      [detail, { tensor: "0" }],
      [detail, {}],
      [values, { ...page0, row: 4 }],
      [values, { ...page0, rows: 1e6, columns: 1e6 }],
      [values, { ...page0, column: null }],
      [block, { tensor: 0, row: 0, column: 8 }],
      [scan, { tensors: [0, 99] }],
      [scan, { tensors: "all" }],
      [metadata, { query: 3, start: 0, count: 1 }],
      [metadata, { query: "", start: -1, count: 1 }],
      [metadataArray, { key: "no.such", start: 0, count: 1 }],
      [save, { name: "a.png", dataUrl: "https://example.com/a.png" }],
      [action, { name: "constructor" }],
      [copy, { text: 7 }],
      [types, { tensor: 3 }],
      [types, {}],
      [preview, { tensor: 0, scheme: "Q4_K", bins: 0, token: 1 }],
      [preview, { tensor: 0, scheme: "Q4_K", bins: 1e9, token: 1 }],
    ];
    for (const [type, params] of wrong) await refused(send(type!, params), invalid);
    assert.deepEqual(engine.asked, []);
  });

  it("cuts a page of values to the matrix", async () => {
    const { page } = connect();
    await page.sendRequest(editorProtocol.initialize);
    const report = await page.sendRequest(editorProtocol.values, { tensor: 0, row: 3, rows: 50, column: 6, columns: 50 });
    assert.deepEqual(report.values, [[1, 2]]);
  });

  it("withdraws work that the page no longer wants", async () => {
    const { page, engine } = connect();
    await page.sendRequest(editorProtocol.initialize);
    let release = (): void => undefined;
    engine.gate = () => new Promise((resolve) => (release = resolve));
    const source = new CancellationTokenSource();
    const token: CancellationToken = source.token;
    const answer = page.sendRequest(editorProtocol.detail, { tensor: 1 }, token);
    await settle();
    source.cancel();
    await settle();
    release();
    await refused(answer, -32800);
  });

  it("stops the work about a content that was replaced, and sends the new picture", async () => {
    const { page, engine, document, source } = connect();
    const changed: string[] = [];
    page.onNotification(editorProtocol.changed, (result) => changed.push(result.kind));
    await page.sendRequest(editorProtocol.initialize);
    let release = (): void => undefined;
    engine.gate = () => new Promise((resolve) => (release = resolve));
    const answer = page.sendRequest(editorProtocol.detail, { tensor: 1 });
    await settle();
    source.next = () => Promise.reject(new Error("gone"));
    await document.reload();
    release();
    await refused(answer, -32800);
    await settle();
    assert.deepEqual(changed, ["failed"]);
    await refused(page.sendRequest(editorProtocol.detail, { tensor: 1 }), Number(ErrorCodes.InvalidParams));
  });

  it("answers a preview at once and refines it later, unless a newer one was asked for", async () => {
    const { page, engine } = connect();
    const refined: [number, string][] = [];
    page.onNotification(editorProtocol.previewRefined, ({ token, report }) => refined.push([token, report.scheme]));
    await page.sendRequest(editorProtocol.initialize);
    const ask = (scheme: string, token: number) => page.sendRequest(editorProtocol.preview, { tensor: 1, scheme, bins: 64, token });
    assert.equal((await ask("Q4_K", 1)).sampled, true);
    assert.equal((await ask("Q8_0", 2)).scheme, "Q8_0");
    const [old, current] = engine.previews;
    assert.ok(old?.signal.aborted && current && !current.signal.aborted);
    old.input.onRefined?.(fakePreview("Q4_K", false));
    current.input.onRefined?.(fakePreview("Q8_0", false));
    await settle();
    assert.deepEqual(refined, [[2, "Q8_0"]]);
  });

  const measured = (relativeRmse: number): ErrorsReport => ({
    tensors: [{ name: "w1", shape: [4, 8], types: { "int4-g32": fakeErrors(relativeRmse) } }],
    total: {},
    skipped: [],
    elapsedMs: 1,
    bytesRead: 128,
  });

  it("tells what was done of the walkthrough, once it is answered", async () => {
    const { page, session, engine, steps } = connect();
    await page.sendRequest(editorProtocol.initialize);
    const preview = (scheme: string) => page.sendRequest(editorProtocol.preview, { tensor: 1, scheme, bins: 8, token: 1 });
    await preview("Q4_K");
    assert.deepEqual(steps, []);
    session.reveal({ tab: "histogram" });
    assert.deepEqual(steps, ["histogram"]);
    await preview("int4-mse");
    assert.deepEqual(steps, ["histogram", "quantize", "range"]);
    const types = page.sendRequest(editorProtocol.types, { tensor: 1 });
    await settle();
    assert.equal(steps.length, 3);
    engine.errorRuns[0]!.done(measured(0.1));
    await types;
    assert.deepEqual(steps, ["histogram", "quantize", "range", "types"]);
  });

  it("compares types on one tensor: from a sample first, and from then on exactly, without measuring again", async () => {
    const { page, engine } = connect();
    const sampled: [number, number][] = [];
    page.onNotification(editorProtocol.typesSampled, ({ tensor, report }) => sampled.push([tensor, report.share]));
    await page.sendRequest(editorProtocol.initialize);
    const answer = page.sendRequest(editorProtocol.types, { tensor: 1 });
    await settle();
    const [run] = engine.errorRuns;
    assert.deepEqual(run?.input.tensors, [1]);
    // Rows of 8 values fit no block; plain floats quantize nothing.
    assert.deepEqual(
      run.input.types.filter((type) => /^(Q|IQ|f|bf)\d/.test(type)),
      [],
    );
    assert.ok(run.input.types.includes("int8-channel") && run.input.types.includes("fp8-e4m3"));
    run.input.onSampled?.({ ...measured(0.2), share: 0.1 });
    await settle();
    assert.deepEqual(sampled, [[1, 0.1]]);
    run.done(measured(0.25));
    assert.deepEqual(await answer, { types: measured(0.25).tensors[0]!.types, share: 1 });
    assert.equal((await page.sendRequest(editorProtocol.types, { tensor: 1 })).types["int4-g32"]?.relativeRmse, 0.25);
    assert.equal(engine.errorRuns.length, 1);
  });

  it("compares types again when the content is another, and stops when the page does not want it", async () => {
    const { page, engine, document } = connect();
    await page.sendRequest(editorProtocol.initialize);
    const first = page.sendRequest(editorProtocol.types, { tensor: 1 });
    await settle();
    engine.errorRuns[0]!.done(measured(0.25));
    await first;
    await document.reload();
    const source = new CancellationTokenSource();
    const token: CancellationToken = source.token;
    const second = page.sendRequest(editorProtocol.types, { tensor: 1 }, token);
    await settle();
    assert.equal(engine.errorRuns.length, 2);
    source.cancel();
    await refused(second, -32800);
    assert.ok(engine.errorRuns[1]!.context.signal.aborted);
  });

  it("says why types cannot be compared on a tensor", async () => {
    const { page, engine } = connect();
    await page.sendRequest(editorProtocol.initialize);
    const answer = page.sendRequest(editorProtocol.types, { tensor: 1 });
    await settle();
    engine.errorRuns[0]!.done({ ...measured(0.25), tensors: [], skipped: [{ name: "w1", reason: "its shard is missing" }] });
    await assert.rejects(answer, /its shard is missing/);
  });

  it("hands the figures of a scan to the preview", async () => {
    const { page, engine } = connect();
    await page.sendRequest(editorProtocol.initialize);
    await page.sendRequest(editorProtocol.detail, { tensor: 2 });
    await page.sendRequest(editorProtocol.preview, { tensor: 2, scheme: "Q4_K", bins: 64, token: 1 });
    assert.equal(engine.previews[0]?.input.stats?.name, "w2");
  });

  it("answers a failure with its reason", async () => {
    const { page, engine, calls } = connect();
    await page.sendRequest(editorProtocol.initialize);
    engine.failure = new Error("disk is gone");
    await assert.rejects(page.sendRequest(editorProtocol.detail, { tensor: 0 }), /disk is gone/);
    assert.equal(calls.filter((call) => Array.isArray(call) && call[0] === "failure").length, 1);
  });

  it("saves text and pictures under plain names", async () => {
    const { page, calls } = connect();
    await page.sendRequest(editorProtocol.initialize);
    assert.equal(await page.sendRequest(editorProtocol.save, { name: "../../etc/passwd", text: "a" }), true);
    await page.sendRequest(editorProtocol.save, { name: "chart.svg", dataUrl: "data:image/svg+xml;base64,PHN2Zy8+" });
    await page.sendRequest(editorProtocol.save, { name: "chart.svg", dataUrl: "data:image/svg+xml,%3Csvg/%3E" });
    assert.deepEqual(calls.slice(1), [
      ["save", ".._.._etc_passwd", "a"],
      ["save", "chart.svg", "<svg/>"],
      ["save", "chart.svg", "<svg/>"],
    ]);
  });

  it("ignores a state that no page of this version wrote", async () => {
    const { page, calls } = connect();
    await page.sendNotification(editorProtocol.saveState.method, { version: 99 });
    await settle();
    assert.deepEqual(calls, []);
  });

  it("tells which tensor is selected, and ignores what is no name", async () => {
    const { page, calls } = connect();
    await page.sendNotification(editorProtocol.selected, { tensor: "a" });
    await page.sendNotification(editorProtocol.selected.method, { tensor: 3 });
    await page.sendNotification(editorProtocol.selected.method, { tensor: "a".repeat(limits.nameLength + 1) });
    await page.sendNotification(editorProtocol.selected, { tensor: "b" });
    await settle();
    assert.deepEqual(calls, [
      ["selected", "a"],
      ["selected", "b"],
    ]);
  });

  it("is silent after its end, and its work is over", async () => {
    const { page, session, engine, document } = connect();
    const heard: string[] = [];
    page.onNotification((method) => heard.push(method));
    await page.sendRequest(editorProtocol.initialize);
    session.dispose();
    await document.reload();
    await settle();
    assert.deepEqual(heard, []);
    assert.deepEqual(engine.asked, []);
  });
});
