/** Bytes of a view from `start` on. */
interface Held {
  readonly start: number;
  readonly bytes: Uint8Array;
}

const nothing: Held = { start: 0, bytes: new Uint8Array(0) };
/** What was last held under a key: a thread that works on pieces in their order opens the same view for each of them. */
let kept: { readonly key: string; readonly held: Held } | undefined;

/** How much of a view is made at once. */
export interface AheadSteps {
  /** Bytes of all of it. */
  readonly totalBytes: number;
  /** Bytes that are made at once, at most. */
  readonly mostBytes: number;
  /** Bytes of what should not be cut, where at least one of it fits; 1 where that is no matter. */
  readonly unitBytes: number;
  /** The same text for the same bytes: what is held is then there for the next view of that key, too. */
  readonly key: string | undefined;
}

/** Reads a view in large parts, since making a small part of it costs about as much as making a large one. */
export class ReadAhead {
  private readonly unitBytes: number;
  private readonly stepBytes: number;
  private held: Held;

  /** @param fill makes the bytes of the view from a place on */
  constructor(
    private readonly steps: AheadSteps,
    private readonly fill: (start: number, target: Uint8Array) => void,
  ) {
    const { mostBytes, unitBytes, key } = steps;
    this.unitBytes = unitBytes <= mostBytes ? unitBytes : 1;
    this.stepBytes = mostBytes - (mostBytes % this.unitBytes);
    this.held = kept !== undefined && kept.key === key ? kept.held : nothing;
  }

  read(start: number, target: Uint8Array): void {
    for (let done = 0; done < target.byteLength;) {
      const at = start + done;
      if (at < this.held.start || at >= this.held.start + this.held.bytes.length) this.make(at - (at % this.unitBytes));
      const from = at - this.held.start;
      const part = this.held.bytes.subarray(from, from + target.byteLength - done);
      target.set(part, done);
      done += part.length;
    }
  }

  private make(start: number): void {
    const { totalBytes, key } = this.steps;
    const count = Math.min(this.stepBytes, totalBytes - start);
    // Under a key another view may hold the same bytes.
    const bytes = this.held.bytes.length === count && key === undefined ? this.held.bytes : new Uint8Array(count);
    this.held = nothing;
    if (key !== undefined) kept = undefined;
    this.fill(start, bytes);
    this.held = { start, bytes };
    if (key !== undefined) kept = { key, held: this.held };
  }
}
