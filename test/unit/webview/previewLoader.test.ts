import assert from "node:assert/strict";
import { ResponseError } from "vscode-jsonrpc";
import type { TensorStats } from "../../../src/core/measure/reports";
import type { PreviewReport } from "../../../src/jobs/contract";
import { editorProtocol } from "../../../src/protocol/editor";
import { PreviewLoader, type PreviewSubject } from "../../../webview/editor/histogram/previewLoader";
import type { HostConnection } from "../../../webview/ui/hostConnection";

type Host = Pick<HostConnection, "request" | "on">;

interface Asked {
  scheme: string;
  token: number;
  signal: AbortSignal | undefined;
  answer(report: Partial<PreviewReport>): void;
  fail(error: Error): void;
}

/** A host that answers when the test says so. */
class SlowHost {
  readonly previews: Asked[] = [];
  details = 0;
  refined: (params: { token: number; report: PreviewReport }) => void = () => undefined;

  readonly connection: Host = {
    request: ((type: { method: string }, params: { scheme: string; token: number }, signal?: AbortSignal) => {
      if (type.method === editorProtocol.detail.method) {
        this.details += 1;
        return Promise.resolve({ count: 1 } as Partial<TensorStats>);
      }
      return new Promise((resolve, reject) => {
        this.previews.push({
          ...params,
          signal,
          answer: (report) => resolve({ scheme: params.scheme, sampled: false, ...report }),
          fail: reject,
        });
      });
    }) as unknown as Host["request"],
    on: ((_type: unknown, handler: SlowHost["refined"]) => (this.refined = handler)) as Host["on"],
  };
}

const subject = (scheme: string, tensor = 0): PreviewSubject => ({ tensor, scheme, bins: 64, revision: 1 });
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("PreviewLoader", () => {
  it("shows what the newest wish gets, however late older answers come", async () => {
    const host = new SlowHost();
    const loader = new PreviewLoader(host.connection, () => undefined);
    loader.want(subject("int8"));
    loader.want(subject("int4"));
    assert.equal(host.previews[0]?.signal?.aborted, true);
    host.previews[1]?.answer({});
    await turn();
    host.previews[0]?.answer({});
    await turn();
    assert.equal(loader.shown?.report.scheme, "int4");
    assert.equal(loader.isCurrent, true);
    assert.equal(loader.waiting, false);
  });

  it("keeps the figure until the next one is there", async () => {
    const host = new SlowHost();
    const loader = new PreviewLoader(host.connection, () => undefined);
    loader.want(subject("int8"));
    host.previews[0]?.answer({});
    await turn();
    loader.want(subject("int4"));
    assert.equal(loader.shown?.report.scheme, "int8");
    assert.equal(loader.isCurrent, false);
    assert.equal(loader.waiting, true);
  });

  it("replaces a sampled report by the exact one of the same wish only", async () => {
    const host = new SlowHost();
    const loader = new PreviewLoader(host.connection, () => undefined);
    loader.want(subject("int8"));
    host.previews[0]?.answer({ sampled: true });
    await turn();
    host.refined({ token: 99, report: { scheme: "old" } as PreviewReport });
    assert.equal(loader.shown?.report.sampled, true);
    host.refined({ token: host.previews[0]!.token, report: { scheme: "int8", sampled: false } as PreviewReport });
    assert.equal(loader.shown?.report.sampled, false);
  });

  it("does not let a sampled report replace an exact one that overtook it", async () => {
    const host = new SlowHost();
    const loader = new PreviewLoader(host.connection, () => undefined);
    loader.want(subject("int8"));
    host.refined({ token: host.previews[0]!.token, report: { scheme: "int8", sampled: false } as PreviewReport });
    host.previews[0]?.answer({ sampled: true });
    await turn();
    assert.equal(loader.shown?.report.sampled, false);
  });

  it("asks once for the same wish, and for statistics once a tensor", async () => {
    const host = new SlowHost();
    const loader = new PreviewLoader(host.connection, () => undefined);
    loader.want(subject("int8"));
    loader.want(subject("int8"));
    loader.want(subject("int4"));
    loader.want(subject("int4", 1));
    assert.equal(host.previews.length, 3);
    assert.equal(host.details, 2);
    await turn();
    assert.ok(loader.stats);
  });

  it("does not ask again for an exact figure it still has", async () => {
    const host = new SlowHost();
    const loader = new PreviewLoader(host.connection, () => undefined);
    loader.want(subject("int8"));
    host.previews[0]?.answer({});
    await turn();
    loader.stop();
    loader.want(subject("int8"));
    assert.equal(host.previews.length, 1);
    assert.equal(loader.waiting, false);
  });

  it("says why there is no figure", async () => {
    const host = new SlowHost();
    const loader = new PreviewLoader(host.connection, () => undefined);
    loader.want(subject("int8"));
    host.previews[0]?.fail(new ResponseError(-32803, "gone", { code: "file-gone", message: "The file is gone.", hint: "Put it back." }));
    await turn();
    assert.deepEqual(loader.failure, { severity: "error", code: "file-gone", message: "The file is gone.", hint: "Put it back." });
    loader.want(subject("int4"));
    assert.equal(loader.failure, undefined);
  });
});
