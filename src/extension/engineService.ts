import * as vscode from "vscode";
import type { Engine, EngineOptions } from "../jobs/engine";
import { readSettings } from "./settings";

/** The job engine, started when the first job needs it and again when its settings change. */
export class EngineService implements vscode.Disposable {
  private engine: Promise<Engine> | undefined;
  private readonly subscription: vscode.Disposable;

  /** @param make loads the engine, which nothing needs before the first job */
  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly make: (options: EngineOptions) => Promise<Engine>,
    private readonly reportFailure: (error: unknown) => void,
  ) {
    this.subscription = vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("quantscope.threads") || event.affectsConfiguration("quantscope.onnxRuntime")) this.stop();
    });
  }

  /** Never holds the engine back: callers ask again for every job, so that a new one takes over. */
  get(): Promise<Engine> {
    this.engine ??= this.start();
    return this.engine;
  }

  dispose(): void {
    this.subscription.dispose();
    this.stop();
  }

  private start(): Promise<Engine> {
    const built = (name: string) => vscode.Uri.joinPath(this.extensionUri, "dist", name).fsPath;
    const { threads, onnxRuntime } = readSettings();
    return this.make({
      workerFile: built("tasks.js"),
      kernelsFile: built("kernels.wasm"),
      onnxRuntime,
      ...(threads > 0 ? { threads } : {}),
    });
  }

  private stop(): void {
    const stopped = this.engine;
    this.engine = undefined;
    stopped?.then((engine) => engine.dispose()).catch(this.reportFailure);
  }
}
