import assert from "node:assert/strict";
import { RequestType } from "vscode-jsonrpc";
import { FigureLoader } from "../../../webview/lesson/figureLoader";
import type { HostConnection } from "../../../webview/ui/hostConnection";

const type = new RequestType<number, string, void>("figure");
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A host whose answers the test gives. */
class Host {
  readonly asked: { params: number; answer(report: string): void; fail(error: Error): void }[] = [];
  readonly connection = {
    request: (_: unknown, params: number) => new Promise((answer, fail) => this.asked.push({ params, answer, fail })),
  } as unknown as HostConnection;
}

describe("what a figure of the lesson shows", () => {
  it("follows while something is dragged faster than answers come", async () => {
    const host = new Host();
    const seen: unknown[] = [];
    const loader: FigureLoader<number, string> = new FigureLoader(type, () => seen.push([loader.shown, loader.isCurrent]));
    for (const wish of [1, 2, 3]) loader.want(host.connection, wish);
    assert.deepEqual(seen, []);
    host.asked[0]!.answer("of 1");
    await settled();
    assert.deepEqual(seen, [["of 1", false]]);
    loader.want(host.connection, 4);
    host.asked[1]!.answer("of 3");
    await settled();
    host.asked[2]!.answer("of 4");
    await settled();
    assert.deepEqual(seen.slice(1), [
      ["of 3", false],
      ["of 4", true],
    ]);
    assert.deepEqual(
      host.asked.map(({ params }) => params),
      [1, 3, 4],
    );
  });

  it("asks again for the same of another content, and not for what is wanted already", async () => {
    const host = new Host();
    const loader = new FigureLoader(type, () => undefined);
    for (const revision of [0, 0, 1]) {
      loader.want(host.connection, 1, revision);
      host.asked.at(-1)!.answer(`of ${revision}`);
      await settled();
    }
    assert.deepEqual([loader.shown, host.asked.length], ["of 1", 2]);
  });

  it("keeps what it showed when there is a failure, and says which until the next answer", async () => {
    const host = new Host();
    let told = 0;
    const loader = new FigureLoader(type, () => told++);
    loader.want(host.connection, 1);
    host.asked[0]!.answer("of 1");
    await settled();
    loader.want(host.connection, 2);
    host.asked[1]!.fail(new Error("no such tensor"));
    await settled();
    assert.deepEqual([loader.shown, loader.failure, told], ["of 1", "no such tensor", 2]);
    loader.want(host.connection, 3);
    host.asked[2]!.answer("of 3");
    await settled();
    assert.deepEqual([loader.shown, loader.failure, told], ["of 3", undefined, 3]);
  });
});
