import type { Diagnostic } from "../../../src/core/errors";
import { editorProtocol, type MetadataRow } from "../../../src/protocol/editor";
import { type HostConnection, toDiagnostic, Withdrawn } from "../../ui/hostConnection";

/** Rows and array elements of one page. */
export const pageSize = 100;

/** One page of a list that the host pages. A newer wish withdraws the one before; what is shown stays until it is answered. */
export class PageLoader<T> {
  items: readonly T[] = [];
  total = 0;
  start = 0;
  loaded = false;
  failure: Diagnostic | undefined;
  private life = new AbortController();

  constructor(
    private readonly fetch: (start: number, signal: AbortSignal) => Promise<{ total: number; items: T[] }>,
    private readonly changed: () => void,
  ) {}

  async go(start: number): Promise<void> {
    this.life.abort();
    this.life = new AbortController();
    const { signal } = this.life;
    try {
      const { total, items } = await this.fetch(start, signal);
      Object.assign(this, { total, items, start, loaded: true, failure: undefined });
    } catch (error) {
      if (signal.aborted || error instanceof Withdrawn) return;
      this.failure = toDiagnostic(error);
    }
    this.changed();
  }

  stop(): void {
    this.life.abort();
  }
}

/** The metadata rows that match a query. */
export function metadataLoader(host: HostConnection, query: () => string, changed: () => void): PageLoader<MetadataRow> {
  return new PageLoader(async (start, signal) => {
    const { total, rows } = await host.request(editorProtocol.metadata, { query: query(), start, count: pageSize }, signal);
    return { total, items: rows };
  }, changed);
}

/** The elements of an array, or the whole text of a scalar as its only element. */
export function elementLoader(host: HostConnection, key: string, changed: () => void): PageLoader<string> {
  return new PageLoader(async (start, signal) => {
    const { total, values } = await host.request(editorProtocol.metadataArray, { key, start, count: pageSize }, signal);
    return { total, items: values };
  }, changed);
}
