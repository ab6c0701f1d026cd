import { type Diagnostic, FormatError } from "../../core/errors";
import type { Checkpoint } from "../../core/tensor/checkpoint";
import { checkpointSnapshot } from "../../jobs/snapshot";
import type { CheckpointSnapshot } from "../../protocol/editor";
import { type Disposable, Emitter } from "../emitter";
import { toDiagnostic } from "../errorText";
import { type FileStamp, sameStamp } from "../fileStamp";
import type { CheckpointSource } from "./checkpointSource";
import { type MeasurementHost, Measurements } from "./measurements";

/** A content that could be read. */
export interface ReadyContent {
  readonly kind: "ready";
  /** What is shown: as it was opened, or with packed weights as the tensors that the files store. */
  readonly checkpoint: Checkpoint;
  /** As it was opened: packed weights as what they mean. */
  readonly opened: Checkpoint;
  readonly snapshot: CheckpointSnapshot;
  readonly measurements: Measurements;
  /** Milliseconds from asking for the file to having its header. */
  readonly openMs: number;
}

/** One content of a document, as it was read. */
export type DocumentContent = ReadyContent | { readonly kind: "failed"; readonly diagnostic: Diagnostic };

/** What a document needs from the extension around it. */
export interface DocumentHost extends MeasurementHost {
  /** Histogram bins that scans use. */
  bins(): number;
}

/**
 * A checkpoint that one or more editors show. Opening never fails: a file that cannot be read is a content of its own,
 * with the reason. The content is replaced as a whole when the file changes.
 */
export class CheckpointDocument implements Disposable {
  private readonly changeEmitter = new Emitter<DocumentContent>();
  private readonly deleteEmitter = new Emitter<string>();
  private current: DocumentContent | undefined;
  private stamps = new Map<string, FileStamp | undefined>();
  private openedAt = 0;
  private generation = 0;
  private disposed = false;
  private asStored = false;
  private loading: Promise<void>;

  /** The file was read again. What the old content gave out is over. */
  readonly onDidChange = this.changeEmitter.event;
  /** The file is gone; the content stays. Fired with its name. */
  readonly onDidDelete = this.deleteEmitter.event;

  constructor(
    private readonly source: CheckpointSource,
    private readonly host: DocumentHost,
  ) {
    this.loading = this.load();
  }

  get uri(): string {
    return this.source.uri;
  }

  get name(): string {
    return this.source.name;
  }

  /** The content read last; undefined until the first reading is over. */
  get content(): DocumentContent | undefined {
    return this.current;
  }

  /** The content, once there is one. */
  async whenRead(): Promise<DocumentContent> {
    await this.loading;
    if (!this.current) throw new Error(`${this.name} was closed before it was read.`);
    return this.current;
  }

  /**
   * The content, for what makes no sense without a checkpoint.
   * @throws FormatError with the reason why there is none
   */
  async whenReadable(): Promise<ReadyContent> {
    const content = await this.whenRead();
    if (content.kind === "failed") throw new FormatError(content.diagnostic.code, content.diagnostic.message, content.diagnostic);
    return content;
  }

  /** Whether a file of this name, in the document's folder, is part of the content. */
  concerns(name: string): boolean {
    return name === this.name || this.stamps.has(name);
  }

  /** Reads the file again, whether it changed or not. */
  async reload(): Promise<void> {
    this.loading = this.load();
    await this.loading;
    if (this.current && !this.disposed) this.changeEmitter.fire(this.current);
  }

  /** Shows packed weights as the tensors that the files store, or as what they mean. */
  async showStored(stored: boolean): Promise<void> {
    if (this.asStored === stored) return;
    this.asStored = stored;
    await this.reload();
  }

  /** Looks whether the files are still those that were read. Reads them again, or tells that they are gone. */
  async refresh(): Promise<void> {
    await this.loading;
    if (!(await this.source.stamp(this.name))) {
      // Forgotten, so that the same file put back counts as a change.
      this.stamps.set(this.name, undefined);
      if (!this.disposed) this.deleteEmitter.fire(this.name);
      return;
    }
    for (const [name, known] of this.stamps) {
      const now = await this.source.stamp(name);
      // A time later than the opening: the change may have happened while the file was being read.
      if (!sameStamp(now, known) || (now && now.mtime >= this.openedAt)) return this.reload();
    }
  }

  dispose(): void {
    this.disposed = true;
    this.generation += 1;
    this.release(this.current);
    this.changeEmitter.dispose();
    this.deleteEmitter.dispose();
  }

  private async load(): Promise<void> {
    const generation = ++this.generation;
    const openedAt = Date.now();
    const { content, stamps } = await this.read(openedAt);
    if (generation !== this.generation) return this.release(content);
    this.release(this.current);
    this.current = content;
    this.stamps = stamps;
    this.openedAt = openedAt;
  }

  private async read(openedAt: number): Promise<{ content: DocumentContent; stamps: Map<string, FileStamp | undefined> }> {
    const stamps = new Map([[this.name, await this.source.stamp(this.name)]]);
    try {
      const opened = await this.source.open();
      const stored = this.asStored ? opened.stored : undefined;
      const checkpoint = stored ? { ...opened, tensors: stored } : opened;
      for (const name of [...checkpoint.files.map((file) => file.name), "config.json"]) {
        if (!stamps.has(name)) stamps.set(name, await this.source.stamp(name));
      }
      const snapshot = checkpointSnapshot(checkpoint);
      const decodable = new Set(snapshot.tensors.flatMap((tensor, index) => (tensor.decodable ? [index] : [])));
      const files = [...stamps].map(([name, stamp]) => `${name}:${stamp?.bytes ?? "-"}:${stamp?.mtime ?? "-"}`);
      // Other tensors have other statistics.
      const content = [...files, ...(stored ? ["stored"] : [])].join("|");
      const measurements = new Measurements(checkpoint, decodable, { uri: this.uri, content, bins: this.host.bins() }, this.host);
      await measurements.restore();
      return { content: { kind: "ready", checkpoint, opened, snapshot, measurements, openMs: Date.now() - openedAt }, stamps };
    } catch (error) {
      return { content: { kind: "failed", diagnostic: toDiagnostic(error) }, stamps };
    }
  }

  private release(content: DocumentContent | undefined): void {
    if (content?.kind !== "ready") return;
    content.measurements.dispose();
    content.checkpoint.close().catch((error: unknown) => this.host.reportFailure(error));
  }
}
