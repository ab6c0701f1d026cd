import { dirname } from "node:path";
import * as vscode from "vscode";
import type { Checkpoint } from "../../core/tensor/checkpoint";
import type { Calibration } from "../../jobs/calibrated/calibration";
import type { JobContext } from "../../jobs/contract";
import type { PreparedWrite } from "../../jobs/prepareWrite";
import { writePrepared } from "../../jobs/writePrepared";
import { nameOf } from "../document/openUri";
import { openInEditor } from "../commands/openInEditor";
import { viewType } from "../identifiers";
import type { NumberText } from "../numberText";
import type { Services } from "../services";
import { writeProgress } from "./writeProgress";

/** A job that the user sees in a notification and in the Jobs view, and can cancel in both. */
interface ShownJob<T> {
  title: string;
  uri: vscode.Uri;
  target: string;
  /** @param say shows a line about what was done last, beside how far it is */
  work(context: JobContext, say: (line: string) => void): Promise<T>;
  describe(result: T): string;
}

/** @throws what `work` throws; CancelledError */
export function runShown<T>({ jobs, numbers }: Services, { title, uri, target, work, describe }: ShownJob<T>): Promise<T> {
  const location = vscode.ProgressLocation.Notification;
  return Promise.resolve(
    vscode.window.withProgress({ location, cancellable: true, title: `${title}: ${target}` }, (notification, token) => {
      const controller = new AbortController();
      token.onCancellationRequested(() => controller.abort());
      const startedAt = performance.now();
      let shown = 0;
      let said: string[] = [];
      let last: readonly [number, number] = [0, 0];
      const show = (done: number, total: number): void => {
        last = [done, total];
        const { percent, speed, left } = writeProgress(done, total, performance.now() - startedAt, numbers);
        const parts = [`${percent} %`, ...(speed === undefined ? [] : [speed])];
        const text = left === undefined ? parts : [...parts, vscode.l10n.t("{0} left", left)];
        notification.report({ increment: Math.max(0, percent - shown), message: [...text, ...said].join(" · ") });
        shown = Math.max(shown, percent);
      };
      return jobs.run({
        title,
        target,
        uri: uri.toString(),
        signal: controller.signal,
        work: ({ signal, progress }) =>
          work(
            {
              signal,
              progress: (done, total) => {
                progress(done, total);
                show(done, total);
              },
            },
            (line) => {
              said = [line];
              show(...last);
            },
          ),
        describe,
      });
    }),
  );
}

/** Writes what was prepared, and says where it is. @throws what writing throws; the target is then as it was */
export async function writeShown(services: Services, uri: vscode.Uri, checkpoint: Checkpoint, prepared: PreparedWrite): Promise<void> {
  const { numbers } = services;
  const out = vscode.Uri.file(prepared.plan.files[0]!.name);
  const engine = await services.engine.get();
  const size = numbers.bytes(prepared.plan.bytes);
  const { elapsedMs, coarse } = await runShown(services, {
    title: vscode.l10n.t("Quantize"),
    uri,
    target: nameOf(out),
    work: (context, say) => writePrepared(engine, checkpoint, tellingLayers(prepared, numbers, say), context),
    describe: (report) => vscode.l10n.t("{0} in {1} s", size, numbers.significant(report.elapsedMs / 1000)),
  });
  services.walkthrough.done("write");
  const message = vscode.l10n.t("{0} is written: {1} in {2} s.", nameOf(out), size, numbers.significant(elapsedMs / 1000));
  const [first] = coarse;
  if (first) {
    const text = vscode.l10n.t(
      "{0} holds values too small for {1}, from index {2} on: they are stored coarsely or as zeros. Tensors like it: {3}.",
      ...[first.tensor, first.type, numbers.integer(first.first), numbers.integer(coarse.length)],
    );
    void vscode.window.showWarningMessage(text);
  }
  offerResult(message, uri, out, prepared).then(undefined, services.reportFailure);
}

/** The same write, with a line for each layer that is quantized with calibration. */
function tellingLayers(prepared: PreparedWrite, numbers: NumberText, say: (line: string) => void): PreparedWrite {
  const { calibrated } = prepared;
  if (!calibrated) return prepared;
  const onLayer: Calibration["onLayer"] = ({ tensor, loss }, done, total) => {
    const [at, of] = [numbers.integer(done), numbers.integer(total)];
    say(vscode.l10n.t("layer {0} of {1}, {2}: loss {3}", at, of, tensor, numbers.significant(loss)));
  };
  return { ...prepared, calibrated: { ...calibrated, calibration: { ...calibrated.calibration, onLayer } } };
}

/** What can be done with the file now. */
async function offerResult(message: string, source: vscode.Uri, out: vscode.Uri, { ollama }: PreparedWrite): Promise<void> {
  const open = vscode.l10n.t("Open");
  const compare = vscode.l10n.t("Compare");
  const reveal = vscode.l10n.t("Reveal");
  const create = vscode.l10n.t("Run ollama create…");
  const chosen = await vscode.window.showInformationMessage(message, open, compare, reveal, ...(ollama ? [create] : []));
  if (chosen === open) await openInEditor(out);
  else if (chosen === compare) await openBeside(source, out);
  else if (chosen === reveal) await revealFile(out);
  else if (chosen === create && ollama) await runOllama(ollama.command, dirname(out.fsPath));
}

/** Before and after, side by side. */
async function openBeside(source: vscode.Uri, out: vscode.Uri): Promise<void> {
  await openInEditor(source);
  await vscode.commands.executeCommand("vscode.openWith", out, viewType, vscode.ViewColumn.Beside);
}

/** In the explorer where the workspace has it, else in the system's file manager. */
async function revealFile(file: vscode.Uri): Promise<void> {
  const isInside = vscode.workspace.getWorkspaceFolder(file) !== undefined;
  await vscode.commands.executeCommand(isInside ? "revealInExplorer" : "revealFileInOS", file);
}

/** Asks first: the command changes what Ollama has installed. */
async function runOllama(command: string, cwd: string): Promise<void> {
  const run = vscode.l10n.t("Run");
  const question = { modal: true, detail: command };
  const chosen = await vscode.window.showInformationMessage(vscode.l10n.t("Run this command in a terminal?"), question, run);
  if (chosen !== run) return;
  const terminal = vscode.window.createTerminal({ name: "Ollama", cwd });
  terminal.show();
  terminal.sendText(command);
}
