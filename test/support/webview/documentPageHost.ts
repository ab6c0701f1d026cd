import { statSync } from "node:fs";
import path from "node:path";
import { CheckpointDocument } from "../../../src/extension/document/checkpointDocument";
import type { CheckpointSource } from "../../../src/extension/document/checkpointSource";
import type { PageSession } from "../../../src/extension/editor/pageSession";
import { JobList } from "../../../src/extension/jobs/jobList";
import { openPath } from "../../../src/io/openPath";
import { Engine } from "../../../src/jobs/engine";
import { builtFiles } from "../builtFiles";
import { LivePageHost } from "./livePageHost";

/**
 * The real thing behind a page about a checkpoint on disk: document, session, workers and kernels. Only VS Code itself
 * (clipboard, dialogs, commands) is noted instead of done.
 */
export abstract class DocumentPageHost<Session extends PageSession> extends LivePageHost<Session> {
  readonly document: CheckpointDocument;
  readonly engine = new Engine({ ...builtFiles, threads: 2 });
  protected readonly jobs = new JobList();
  /** What everything that measures is given. */
  protected readonly measuring = { engine: () => Promise.resolve(this.engine), jobs: this.jobs, reportFailure: this.reportFailure };

  /** @param file path of the checkpoint */
  constructor(protected readonly file: string) {
    super();
    this.document = new CheckpointDocument(diskSource(file), {
      ...this.measuring,
      cache: { load: () => Promise.resolve(undefined), save: () => Promise.resolve() },
      bins: () => 128,
      text: { scan: "Scan", scanned: (tensors) => `${tensors} tensors` },
    });
  }

  override async dispose(): Promise<void> {
    await super.dispose();
    this.forget();
    this.document.dispose();
    await this.engine.dispose();
  }

  /** Path of the checkpoint's folder. */
  protected get folder(): string {
    return path.dirname(this.file);
  }

  /** Lets go of what was measured. The session is over, the document still there. */
  protected forget(): void {}
}

/** A checkpoint on the disk, as the document opens it. */
function diskSource(file: string): CheckpointSource {
  const folder = path.dirname(file);
  return {
    uri: `file://${file}`,
    name: path.basename(file),
    open: () => openPath(file),
    stamp: (name) => {
      const stat = statSync(path.join(folder, name), { throwIfNoEntry: false });
      return Promise.resolve(stat && { bytes: stat.size, mtime: stat.mtimeMs });
    },
  };
}
