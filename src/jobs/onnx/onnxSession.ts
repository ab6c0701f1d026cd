import { Worker } from "node:worker_threads";
import { FormatError, UsageError } from "../../core/errors";
import type { OnnxDescription } from "../../core/model/onnx/onnxDescription";
import type { Checkpoint } from "../../core/tensor/checkpoint";
import { askWorker } from "../../io/askWorker";
import { findRuntime } from "./findRuntime";
import type { OnnxAnswer, OnnxRequest, OnnxSequence, OnnxStart } from "./onnxRequests";

/** How ONNX models are run. */
export interface OnnxOptions {
  /** The built `onnxThread.ts`. */
  readonly threadFile: string;
  /** The folder of the user's ONNX Runtime; looked for among the global packages when absent. */
  readonly folder?: string;
  readonly threads: number;
}

/** An ONNX model in a thread of its own: ONNX Runtime computes where it is called. */
export class OnnxSession {
  private constructor(
    private readonly worker: Worker,
    private readonly checkpoint: Checkpoint,
    private readonly runtime: string,
  ) {}

  /**
   * Loads a model.
   *
   * @throws UsageError `onnxruntime-missing`, `onnxruntime-broken`, `onnx-not-local`; FormatError `onnx.cannot-run`
   */
  static async open(
    checkpoint: Checkpoint,
    description: OnnxDescription,
    { threadFile, folder, threads }: OnnxOptions,
  ): Promise<OnnxSession> {
    const { ref } = checkpoint.files[0]!.file!;
    if (ref.kind !== "path") {
      throw new UsageError("onnx-not-local", "ONNX Runtime reads models from a local disk", {
        file: checkpoint.name,
        hint: "Copy the file, and the files with its weights, to a local folder.",
      });
    }
    const runtime = findRuntime(folder);
    const workerData: OnnxStart = { runtime, model: ref.path, description, threads };
    const session = new OnnxSession(new Worker(threadFile, { workerData }), checkpoint, runtime);
    try {
      await session.ask("load");
      return session;
    } catch (error) {
      session.close();
      throw error;
    }
  }

  /** Logits of one sequence. One call at a time. @throws FormatError `onnx.cannot-run` */
  run(sequence: OnnxSequence): Promise<void> {
    return this.ask(sequence);
  }

  /** Ends the thread, after the call of ONNX Runtime that it is in. */
  close(): void {
    void this.worker.terminate();
  }

  private async ask(request: OnnxRequest): Promise<void> {
    const answer = await askWorker<OnnxAnswer>(this.worker, request, "The thread that runs the ONNX model stopped");
    if (answer.ok) return;
    const found = answer.message.slice(0, shownCharacters);
    if (answer.what === "runtime") {
      throw new UsageError("onnxruntime-broken", `The ONNX Runtime in "${this.runtime}" cannot be loaded`, {
        found,
        hint: "Install onnxruntime-node again, for this machine's processor and system.",
      });
    }
    throw new FormatError("onnx.cannot-run", `ONNX Runtime cannot run "${this.checkpoint.name}"`, {
      file: this.checkpoint.name,
      found,
      hint: "A newer onnxruntime-node may know what this one does not.",
    });
  }
}

/** Of a message of ONNX Runtime's. */
const shownCharacters = 400;
