import { calibrationProtocol, type CalibrationPicture } from "../../protocol/calibration";
import type { CheckpointDocument } from "../document/checkpointDocument";
import { DisposableStore } from "../emitter";
import { integer, positive, text } from "../editor/params";
import { type PageHost, PageSession } from "../editor/pageSession";
import { copyWith, saveWith } from "../editor/savedContent";
import { limits } from "../../core/limits";
import type { Calibration } from "./calibration";

/** What the Calibration page can ask of the window around it. */
export interface CalibrationPageHost extends PageHost {
  /** The calibration of the document's content; undefined while there is none. */
  calibration(): Calibration | undefined;
  page(): { locale: string; strings: Record<string, string> };
  chooseText(calibration: Calibration): Promise<void>;
  collectImatrix(calibration: Calibration): Promise<void>;
  exportReport(calibration: Calibration): Promise<void>;
  copy(text: string): Promise<void>;
  save(name: string, content: Uint8Array): Promise<boolean>;
  openTensor(name: string): Promise<void>;
}

/** One Calibration page's conversation with the calibration behind it. */
export class CalibrationSession extends PageSession {
  /** What keeps the picture up to date. */
  private readonly events = this.store.add(new DisposableStore());

  constructor(
    private readonly document: CheckpointDocument,
    private readonly host: CalibrationPageHost,
  ) {
    super(host);
    const p = calibrationProtocol;
    this.answer(p.initialize, async () => {
      await document.whenRead();
      return this.picture();
    });
    this.answer(p.start, () => host.calibration()?.start());
    this.answer(p.cancel, () => host.calibration()?.cancel());
    this.answer(p.chooseText, () => host.chooseText(this.calibration()));
    this.answer(p.setBits, (params) => host.calibration()?.setBits(integer(params, "bits", 2, 16)));
    this.answer(p.detail, (params, signal) => this.calibration().detail(inputOf(params), signal));
    this.answer(p.onnxEntropy, (params) => this.calibration().onnxEntropy(inputOf(params)));
    this.answer(p.threshold, (params, signal) => this.calibration().threshold(inputOf(params), positive(params, "threshold"), signal));
    this.answer(p.collectImatrix, () => host.collectImatrix(this.calibration()));
    this.answer(p.export, () => host.exportReport(this.calibration()));
    this.answer(p.copy, copyWith(host));
    this.answer(p.save, saveWith(host));
    this.answer(p.openTensor, (params) => host.openTensor(text(params, "name", limits.nameLength)));
    this.connection.listen();
  }

  /** Shows everything again: the content or the choice is another. */
  changed(): void {
    const picture = this.picture();
    this.notify(() => this.connection.sendNotification(calibrationProtocol.changed, picture));
  }

  private calibration(): Calibration {
    const calibration = this.host.calibration();
    if (!calibration) throw new Error("The checkpoint cannot be read.");
    return calibration;
  }

  /** Everything the page shows, as of now; from here on it is told of what changes. */
  private picture(): CalibrationPicture {
    this.events.clear();
    const { content } = this.document;
    if (content?.kind === "failed") return { kind: "failed", diagnostic: content.diagnostic, ...this.host.page() };
    const calibration = this.calibration();
    const p = calibrationProtocol;
    this.events.add(calibration.onDidSee((inputs) => this.notify(() => this.connection.sendNotification(p.inputs, inputs))));
    this.events.add(calibration.onDidChangeRun((run) => this.notify(() => this.connection.sendNotification(p.run, run))));
    this.events.add(calibration.onDidChange(() => this.changed()));
    const { choice, methods, inputs, run, text: words } = calibration;
    return {
      kind: "ready",
      name: this.document.name,
      uri: this.document.uri,
      choice,
      text: words,
      methods: [...methods],
      inputs,
      run,
      ...this.host.page(),
    };
  }
}

function inputOf(params: Record<string, unknown>): number {
  return integer(params, "input", 0, limits.tensors);
}
