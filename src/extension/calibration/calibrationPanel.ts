import * as vscode from "vscode";
import type { CalibrationChoice } from "../../protocol/calibration";
import type { ReadyContent } from "../document/checkpointDocument";
import type { DocumentShare } from "../document/documentStore";
import { revealTensor } from "../editor/revealTensor";
import { MeasuredPanel } from "../editor/measuredPanel";
import { postTo } from "../editor/rpcChannel";
import { saveFile } from "../editor/saveFile";
import { outputFolder } from "../outputFolder";
import { askReportFile } from "../report/reportFile";
import { calibrationReport } from "../report/calibrationReports";
import type { Services } from "../services";
import { passedText, type TextChoice } from "../text/textChoice";
import { askText } from "../text/textSteps";
import { samplesOfChoice } from "../text/textSamples";
import { Calibration, usualChoice } from "./calibration";
import { CalibrationSession, type CalibrationPageHost } from "./calibrationSession";

/** The Calibration page of one checkpoint: what enters its layers, and ranges for it. What was found stays when the page is hidden. */
export class CalibrationPanel extends MeasuredPanel<CalibrationSession, Calibration> {
  private choice: CalibrationChoice;

  /** @param state what VS Code kept of the page */
  constructor(panel: vscode.WebviewPanel, uri: vscode.Uri, share: DocumentShare, services: Services, state: unknown) {
    super(panel, uri, share, services, "calibration");
    this.choice = restoredChoice(state);
  }

  /** What was found; undefined where there is nothing to calibrate. */
  get calibration(): Calibration | undefined {
    return this.subject;
  }

  /** Runs the model on a text. */
  async calibrate(choice: TextChoice): Promise<void> {
    await this.share.document.whenRead();
    this.calibration?.choose({ ...choice, bits: this.calibration.choice.bits });
  }

  protected override contentChanged(): void {
    this.choice = this.current?.choice ?? this.choice;
    this.forget();
    this.page.session?.changed();
  }

  protected override start(): CalibrationSession {
    return new CalibrationSession(this.share.document, this.host());
  }

  protected override make(content: ReadyContent): Calibration {
    const { services, uri } = this;
    return new Calibration(
      content.opened,
      {
        engine: () => services.engine.get(),
        jobs: services.jobs,
        uri: uri.toString(),
        text: {
          calibrate: vscode.l10n.t("Calibrate"),
          calibrated: (inputs, elapsedMs) =>
            vscode.l10n.t("{0} inputs in {1} s", services.numbers.integer(inputs), services.numbers.significant(elapsedMs / 1000)),
          sample: vscode.l10n.t("Sample text"),
        },
        samples: (checkpoint, choice, signal) => samplesOfChoice(services, uri, checkpoint, choice, signal),
        reportFailure: services.reportFailure,
      },
      this.choice,
    );
  }

  private host(): CalibrationPageHost {
    const { services, uri } = this;
    return {
      calibration: () => this.calibration,
      page: () => this.pageTexts(),
      chooseText: async ({ checkpoint, choice }) => {
        await this.calibrate(await askText(vscode.l10n.t("Calibrate {0}", checkpoint.name), uri, choice));
      },
      collectImatrix: async ({ choice }) => {
        await vscode.commands.executeCommand("quantscope.collectImatrix", uri, choice);
      },
      exportReport: async (calibration) => {
        const { target, format } = await askReportFile(services.context, uri, "calibration");
        await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(calibrationReport(calibration, format)));
      },
      copy: (text) => Promise.resolve(vscode.env.clipboard.writeText(text)),
      save: (name, content) => saveFile(outputFolder(services.context, uri), name, content),
      openTensor: async (name) => {
        const index = this.calibration?.checkpoint.tensors.findIndex((tensor) => tensor.name === name) ?? -1;
        if (index >= 0) await revealTensor(services, this.share.document, uri, index);
      },
      reportFailure: services.reportFailure,
      post: postTo(this.panel.webview),
    };
  }
}

/** The choice that a page had when the window was closed. */
function restoredChoice(state: unknown): CalibrationChoice {
  const stored = typeof state === "object" && state !== null && "choice" in state ? state.choice : undefined;
  const text = passedText(stored);
  if (!text) return usualChoice;
  const bits = typeof stored === "object" && stored !== null && "bits" in stored ? Number(stored.bits) : NaN;
  return { ...text, bits: Number.isInteger(bits) && bits >= 2 && bits <= 16 ? bits : usualChoice.bits };
}
