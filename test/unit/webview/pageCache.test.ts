import assert from "node:assert/strict";
import fc from "fast-check";
import type { ValuesReport } from "../../../src/jobs/contract";
import { PageCache } from "../../../webview/editor/values/pageCache";
import type { HostConnection } from "../../../webview/ui/hostConnection";

interface Wanted {
  row: number;
  rows: number;
  column: number;
  columns: number;
}

type Host = Pick<HostConnection, "request">;

/** Answers with values that say where they are from. */
class PositionHost {
  readonly asked: (Wanted & { signal: AbortSignal | undefined })[] = [];
  gate: Promise<void> = Promise.resolve();

  readonly connection: Host = {
    request: (async (_type: unknown, wanted: Wanted, signal?: AbortSignal): Promise<Partial<ValuesReport>> => {
      this.asked.push({ ...wanted, signal });
      await this.gate;
      const { row, rows, column, columns } = wanted;
      return {
        row,
        column,
        values: Array.from({ length: rows }, (_, y) => Array.from({ length: columns }, (_, x) => (row + y) * 1e6 + column + x)),
      };
    }) as unknown as Host["request"],
  };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("PageCache", () => {
  it("gives every value of a view at its place, across tile borders", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(199),
        fc.nat(149),
        fc.integer({ min: 1, max: 90 }),
        fc.integer({ min: 1, max: 70 }),
        async (row, column, rows, columns) => {
          const host = new PositionHost();
          const cache = new PageCache(host.connection, () => undefined);
          cache.use(0, 1, { rows: 200, columns: 150 });
          cache.show({ row, rows, column, columns });
          await turn();
          for (let y = row; y < Math.min(200, row + rows); y++) {
            for (let x = column; x < Math.min(150, column + columns); x++) assert.equal(cache.value(y, x), y * 1e6 + x);
          }
          assert.ok(host.asked.every((tile) => tile.row + tile.rows <= 200 && tile.column + tile.columns <= 150));
        },
      ),
      { seed: 11, numRuns: 60 },
    );
  });

  it("asks for a tile once, and not for what is there", async () => {
    const host = new PositionHost();
    const cache = new PageCache(host.connection, () => undefined);
    cache.use(0, 1, { rows: 1000, columns: 1000 });
    cache.show({ row: 0, rows: 20, column: 0, columns: 9 });
    cache.show({ row: 1, rows: 20, column: 0, columns: 9 });
    await turn();
    cache.show({ row: 2, rows: 20, column: 3, columns: 9 });
    assert.equal(host.asked.length, 1);
  });

  it("withdraws what was scrolled past and fetches it again when it comes back", async () => {
    const host = new PositionHost();
    let open = (): void => undefined;
    host.gate = new Promise((resolve) => (open = resolve));
    const cache = new PageCache(host.connection, () => undefined);
    cache.use(0, 1, { rows: 10_000, columns: 8 });
    cache.show({ row: 0, rows: 20, column: 0, columns: 8 });
    cache.show({ row: 5000, rows: 20, column: 0, columns: 8 });
    assert.equal(host.asked[0]?.signal?.aborted, true);
    open();
    await turn();
    assert.equal(cache.value(0, 0), undefined);
    cache.show({ row: 0, rows: 20, column: 0, columns: 8 });
    await turn();
    assert.equal(cache.value(3, 2), 3e6 + 2);
  });

  it("forgets another tensor and another content of the file", async () => {
    const host = new PositionHost();
    const cache = new PageCache(host.connection, () => undefined);
    const view = { row: 0, rows: 2, column: 0, columns: 2 };
    for (const [tensor, revision] of [
      [0, 1],
      [1, 1],
      [1, 2],
    ] as const) {
      cache.use(tensor, revision, { rows: 2, columns: 2 });
      assert.equal(cache.value(0, 0), undefined);
      cache.show(view);
      await turn();
      assert.equal(cache.value(1, 1), 1e6 + 1);
    }
    assert.equal(host.asked.length, 3);
  });

  it("keeps a bounded number of values", async () => {
    const host = new PositionHost();
    const cache = new PageCache(host.connection, () => undefined);
    cache.use(0, 1, { rows: 64 * 400, columns: 32 });
    for (let tile = 0; tile < 400; tile++) {
      cache.show({ row: tile * 64, rows: 64, column: 0, columns: 32 });
      await turn();
    }
    const kept = Array.from({ length: 400 }, (_, tile) => cache.value(tile * 64, 0)).filter((value) => value !== undefined);
    assert.ok(kept.length <= 130 && kept.length >= 64, `${kept.length} tiles kept`);
    assert.notEqual(cache.value(399 * 64, 0), undefined);
  });
});
