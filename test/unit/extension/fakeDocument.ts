import { CancelledError } from "../../../src/core/errors";
import type { ErrorFigures, TensorStats } from "../../../src/core/measure/reports";
import type { Checkpoint } from "../../../src/core/tensor/checkpoint";
import type { DocumentHost } from "../../../src/extension/document/checkpointDocument";
import type { CheckpointSource } from "../../../src/extension/document/checkpointSource";
import type { MeasuringEngine } from "../../../src/extension/document/measuringEngine";
import type { MeasuredTensors, StatsCache, StatsKey } from "../../../src/extension/document/statsCache";
import type { FileStamp } from "../../../src/extension/fileStamp";
import { JobList } from "../../../src/extension/jobs/jobList";
import type { ErrorsInput, ErrorsReport, JobContext, PreviewInput, PreviewReport, StatsInput } from "../../../src/jobs/contract";

/** A checkpoint without bytes: `count` tensors of 4 × 8 values, each of 128 bytes. */
export function fakeCheckpoint(count: number, onClose: () => void = () => undefined): Checkpoint {
  return {
    format: "safetensors",
    name: "fake.safetensors",
    files: [{ name: "fake.safetensors", bytes: 128 * count, file: fakeFile(128 * count) }],
    tensors: Array.from({ length: count }, (_, index) => ({
      name: `w${index}`,
      dtype: "F32",
      shape: [4, 8],
      file: 0,
      offset: 128 * index,
      bytes: 128,
    })),
    metadata: [{ key: "format", type: "string", value: "pt" }],
    warnings: [],
    close: () => Promise.resolve(onClose()),
  };
}

function fakeFile(size: number) {
  const nothing = () => Promise.resolve();
  return { name: "fake.safetensors", ref: { kind: "path", path: "/fake" } as const, size, read: nothing, close: nothing };
}

export function fakeStats(name: string): TensorStats {
  const figures = { min: -1, max: 1, mean: 0, std: 0.5, rms: 0.5, absMax: 1, kurtosis: 3 };
  const counts = { count: 32, finite: 32, nan: 0, inf: 0, zero: 0 };
  return {
    name,
    dtype: "F32",
    shape: [4, 8],
    ...counts,
    ...figures,
    percentiles: { "50": 0 },
    histogram: { min: -1, max: 1, counts: [16, 16] },
  };
}

/** What a type does to a tensor of 4 × 8 values; `relativeRmse` tells figures apart. */
export function fakeErrors(relativeRmse: number, patch: Partial<ErrorFigures> = {}): ErrorFigures {
  const rmse = relativeRmse / 2;
  const others = { mae: 0.8 * rmse, maxError: 3 * rmse, sqnrDb: -20 * Math.log10(relativeRmse), within5: 0.5, cosine: 1 };
  return { rmse, relativeRmse, ...others, bitsPerWeight: 4.5, bytes: 18, ...patch };
}

export function fakePreview(scheme: string, sampled: boolean): PreviewReport {
  const histogram = { min: -1, max: 1, counts: [1] };
  const figures = { min: -1, mean: 0, std: 1, max: 1, zero: 0, nan: 0, inf: 0 };
  const unknown = { mae: null, rmse: null, maxError: null, relativeRmse: null, sqnrDb: null, within5: null, cosine: null };
  return {
    scheme,
    sampled,
    share: sampled ? 0.1 : 1,
    before: histogram,
    after: histogram,
    binRmse: [null],
    beforeFigures: figures,
    afterFigures: figures,
    errors: { ...unknown, bitsPerWeight: 4.5, bytes: 18 },
  };
}

/** An engine that measures one tensor after the other, each when it is let, and notes what it was asked. */
export class FakeEngine implements MeasuringEngine {
  readonly asked: number[][] = [];
  /** Awaited before each tensor. */
  gate: (index: number) => Promise<void> = () => Promise.resolve();
  failure: Error | undefined;

  async stats(input: StatsInput, context: JobContext) {
    const wanted = [...(input.tensors ?? input.checkpoint.tensors.keys())];
    this.asked.push(wanted);
    const tensors: TensorStats[] = [];
    for (const index of wanted) {
      await this.gate(index);
      if (context.signal.aborted) throw new CancelledError();
      if (this.failure) throw this.failure;
      const stats = fakeStats(input.checkpoint.tensors[index]!.name);
      tensors.push(stats);
      input.onTensor?.(index, stats);
      context.progress(128 * tensors.length, 128 * wanted.length);
    }
    return { tensors, skipped: [], elapsedMs: 1, bytesRead: 128 * wanted.length };
  }

  /** Inputs of previews, each with the signal it was given. */
  readonly previews: { input: PreviewInput; signal: AbortSignal }[] = [];

  preview(input: PreviewInput, { signal }: JobContext): Promise<PreviewReport> {
    this.previews.push({ input, signal });
    return Promise.resolve(fakePreview(input.scheme, true));
  }

  /** Inputs of error measurements, each with what it was run with. The test answers. */
  readonly errorRuns: { input: ErrorsInput; context: JobContext; done(report: ErrorsReport): void; fail(error: Error): void }[] = [];

  errors(input: ErrorsInput, context: JobContext): Promise<ErrorsReport> {
    return new Promise((resolve, reject) => {
      this.errorRuns.push({ input, context, done: resolve, fail: reject });
      context.signal.addEventListener("abort", () => reject(new CancelledError()), { once: true });
    });
  }

  values = (input: { row: number; rows: number; column: number; columns: number }) =>
    Promise.resolve({ name: "w", shape: [4, 8], row: input.row, column: input.column, values: [[input.rows, input.columns]] });

  block = () => Promise.resolve(null);

  heatmap(): never {
    throw new Error("not used");
  }

  importance(): never {
    throw new Error("not used");
  }
}

/** A cache in memory. */
export class MemoryCache implements StatsCache {
  readonly entries = new Map<string, MeasuredTensors>();

  load(key: StatsKey): Promise<MeasuredTensors | undefined> {
    return Promise.resolve(this.entries.get(JSON.stringify(key)));
  }

  save(key: StatsKey, measured: MeasuredTensors): Promise<void> {
    this.entries.set(JSON.stringify(key), measured);
    return Promise.resolve();
  }
}

export interface FakeHost extends DocumentHost {
  readonly cache: MemoryCache;
  readonly failures: unknown[];
}

export function fakeHost(engine: MeasuringEngine, cache = new MemoryCache()): FakeHost {
  const failures: unknown[] = [];
  return {
    engine: () => Promise.resolve(engine),
    jobs: new JobList(),
    cache,
    text: { scan: "Scan", scanned: (tensors) => `${tensors} tensors` },
    bins: () => 64,
    failures,
    reportFailure: (error) => failures.push(error),
  };
}

/** A file whose content and time the test changes. */
export class FakeSource implements CheckpointSource {
  readonly uri = "file:///fake.safetensors";
  readonly name = "fake.safetensors";
  stamps = new Map<string, FileStamp>([["fake.safetensors", { bytes: 1, mtime: 1 }]]);
  opened = 0;
  closed = 0;
  /** What opening gives, or throws. */
  next: () => Promise<Checkpoint> = () => Promise.resolve(fakeCheckpoint(3, () => (this.closed += 1)));

  open(): Promise<Checkpoint> {
    this.opened += 1;
    return this.next();
  }

  stamp(name: string): Promise<FileStamp | undefined> {
    return Promise.resolve(this.stamps.get(name));
  }
}

/** Lets everything that only waits for promises happen. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
