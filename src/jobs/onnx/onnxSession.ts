import { type ChildProcess, fork } from "node:child_process";
import { FormatError, UsageError } from "../../core/errors";
import type { OnnxDescription } from "../../core/model/onnx/onnxDescription";
import type { Checkpoint } from "../../core/tensor/checkpoint";
import { findRuntime } from "./findRuntime";
import type { OnnxEnd, OnnxRequest, OnnxRows, OnnxSequence } from "./onnxRequests";

/** How ONNX models are run. */
export interface OnnxOptions {
  /** The built `onnxProcess.ts`. */
  readonly processFile: string;
  /** The folder of the user's ONNX Runtime; looked for among the global packages when absent. */
  readonly folder?: string;
  readonly threads: number;
}

/** Characters of a message of ONNX Runtime's that are shown. */
const shownCharacters = 400;

/**
 * An ONNX model in a process of its own. In a thread, ONNX Runtime takes the whole process with it when the thread is ended in the
 * middle of a call, and whatever goes wrong in it would take the editor's extensions with it.
 */
export class OnnxSession {
  /** The end of what the process printed. */
  private printed = "";

  private constructor(
    private readonly child: ChildProcess,
    private readonly checkpoint: Checkpoint,
    private readonly runtime: string,
  ) {
    child.stderr!.setEncoding("utf8").on("data", (text: string) => (this.printed = (this.printed + text).slice(-shownCharacters)));
  }

  /**
   * Loads a model.
   *
   * @throws UsageError `onnxruntime-missing`, `onnxruntime-broken`, `onnx-not-local`; FormatError `onnx.cannot-run`
   */
  static async open(
    checkpoint: Checkpoint,
    description: OnnxDescription,
    { processFile, folder, threads }: OnnxOptions,
  ): Promise<OnnxSession> {
    const { ref } = checkpoint.files[0]!.file!;
    if (ref.kind !== "path") {
      throw new UsageError("onnx-not-local", "ONNX Runtime reads models from a local disk", {
        file: checkpoint.name,
        hint: "Copy the file, and the files with its weights, to a local folder.",
      });
    }
    const runtime = findRuntime(folder);
    // In the editor, the program that runs is Node only when it is told so.
    const env = { ...process.env, ELECTRON_RUN_AS_NODE: "1" };
    const child = fork(processFile, { execArgv: [], env, serialization: "advanced", stdio: ["ignore", "ignore", "pipe", "ipc"] });
    const session = new OnnxSession(child, checkpoint, runtime);
    try {
      await session.ask({ runtime, model: ref.path, description, threads });
      return session;
    } catch (error) {
      session.close();
      throw error;
    }
  }

  /** Logits of one sequence, some rows after the other. One call at a time. @throws FormatError `onnx.cannot-run` */
  run(sequence: OnnxSequence, onRows: (rows: OnnxRows) => void): Promise<void> {
    return this.ask(sequence, onRows);
  }

  /** Ends the process, whatever it does. */
  close(): void {
    this.child.kill("SIGKILL");
  }

  private async ask(request: OnnxRequest, onRows: (rows: OnnxRows) => void = () => undefined): Promise<void> {
    const end = await this.answerTo(request, onRows);
    if (end.ok) return;
    const found = end.message.slice(0, shownCharacters);
    if (end.what === "runtime") {
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

  private answerTo(request: OnnxRequest, onRows: (rows: OnnxRows) => void): Promise<OnnxEnd> {
    const { child } = this;
    return new Promise<OnnxEnd>((resolve, reject) => {
      const onMessage = (message: OnnxRows | OnnxEnd): void => ("ok" in message ? done(() => resolve(message)) : onRows(message));
      const onError = (error: Error): void => done(() => reject(error));
      const onClose = (): void => done(() => resolve({ ok: false, what: "model", message: this.printed.trim() || "its process ended" }));
      const done = (settle: () => void): void => {
        child.off("message", onMessage).off("error", onError).off("close", onClose);
        settle();
      };
      child.on("message", onMessage).on("error", onError).on("close", onClose);
      // One that has ended already says so once only.
      if (child.connected) child.send(request, (error) => error && onClose());
      else onClose();
    });
  }
}
