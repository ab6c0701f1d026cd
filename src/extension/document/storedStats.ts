import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, stat } from "node:fs/promises";
import path from "node:path";
import type { TensorStats } from "../../core/measure/reports";
import { writeFileAtomically } from "../../io/atomicFile";
import type { MeasuredTensors, StatsCache, StatsKey } from "./statsCache";

/** Changes when older files would be misread. */
const version = 1;
/** Checkpoints whose results are kept; the one not scanned for longest goes first. */
const keptResults = 200;
/** Characters of the JSON of one result: about 100,000 tensors. Scanning more again is quicker than reading them all. */
const longestResult = 200_000_000;

interface StoredResult {
  version: number;
  key: StatsKey;
  tensors: [number, TensorStats][];
}

/** Keeps results as one JSON file a checkpoint. A newer content of a checkpoint takes the place of an older one. */
export class StoredStats implements StatsCache {
  /**
   * @param folder made when first needed
   * @param reportFailure told of what went wrong; callers are not, since a result can always be measured again
   */
  constructor(
    private readonly folder: string,
    private readonly reportFailure: (error: unknown) => void,
  ) {}

  async load(key: StatsKey): Promise<MeasuredTensors | undefined> {
    try {
      const stored: unknown = JSON.parse(await readFile(this.fileOf(key), "utf8"));
      return isResultOf(stored, key) ? new Map(stored.tensors) : undefined;
    } catch (error) {
      // Nothing stored is the usual case; a damaged file is as good as none.
      if (!(error instanceof SyntaxError) && !isMissing(error)) this.reportFailure(error);
      return undefined;
    }
  }

  async save(key: StatsKey, measured: MeasuredTensors): Promise<void> {
    try {
      const result: StoredResult = { version, key, tensors: [...measured] };
      const text = JSON.stringify(result);
      if (text.length > longestResult) return;
      await mkdir(this.folder, { recursive: true });
      await writeFileAtomically(this.fileOf(key), async (handle) => {
        await handle.writeFile(text);
      });
      await this.prune();
    } catch (error) {
      this.reportFailure(error);
    }
  }

  private fileOf(key: StatsKey): string {
    return path.join(this.folder, `${createHash("sha256").update(key.uri).digest("hex")}.json`);
  }

  private async prune(): Promise<void> {
    const names = (await readdir(this.folder)).filter((name) => name.endsWith(".json"));
    if (names.length <= keptResults) return;
    const files = await Promise.all(names.map(async (name) => ({ name, time: (await stat(path.join(this.folder, name))).mtimeMs })));
    const oldest = files.sort((a, b) => b.time - a.time).slice(keptResults);
    await Promise.all(oldest.map(({ name }) => rm(path.join(this.folder, name), { force: true })));
  }
}

function isResultOf(stored: unknown, key: StatsKey): stored is StoredResult {
  if (typeof stored !== "object" || stored === null || !("version" in stored) || stored.version !== version) return false;
  if (!("key" in stored) || JSON.stringify(stored.key) !== JSON.stringify(key)) return false;
  return (
    "tensors" in stored && Array.isArray(stored.tensors) && stored.tensors.every((entry) => Array.isArray(entry) && entry.length === 2)
  );
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
