import { calibrationProtocol, type InputDetail } from "../../src/protocol/calibration";
import type { Diagnostic } from "../../src/core/errors";
import type { ThresholdFigures } from "../../src/core/calibrate/thresholds";
import { type HostConnection, toDiagnostic } from "../ui/hostConnection";

/** Fetches what the page shows of one input. A newer wish withdraws the one before. */
export class DetailLoader {
  /** Of the wanted input; undefined until it is there. */
  detail: InputDetail | undefined;
  /** What ONNX Runtime's search chose: it comes later than all else. */
  onnx: ThresholdFigures | undefined;
  /** Of the wanted threshold, or of one before it while that is on its way. */
  figures: ThresholdFigures | undefined;
  failure: Diagnostic | undefined;
  private input: number | undefined;
  private threshold: number | undefined;
  private inputLife = new AbortController();
  private thresholdLife = new AbortController();

  constructor(
    private readonly host: Pick<HostConnection, "request">,
    private readonly changed: () => void,
  ) {}

  /** Wants an input, and a threshold of it; nothing happens where they are wanted already. */
  want(input: number | undefined, threshold: number | undefined): void {
    if (input !== this.input) {
      this.forget();
      this.input = input;
      if (input !== undefined) void this.load(input, this.inputLife.signal);
    }
    if (threshold === this.threshold) return;
    this.thresholdLife.abort();
    this.thresholdLife = new AbortController();
    this.threshold = threshold;
    if (threshold === undefined || input === undefined) this.figures = undefined;
    else void this.judge(input, threshold, this.thresholdLife.signal);
  }

  /** Nothing is known any more: what is wanted next is fetched again. */
  forget(): void {
    this.inputLife.abort();
    this.thresholdLife.abort();
    this.inputLife = new AbortController();
    this.thresholdLife = new AbortController();
    this.detail = this.onnx = this.figures = this.failure = this.input = this.threshold = undefined;
  }

  private load(input: number, signal: AbortSignal): Promise<void> {
    return this.settle(signal, async () => {
      this.detail = await this.host.request(calibrationProtocol.detail, { input }, signal);
      if (signal.aborted) return;
      this.changed();
      const onnx = await this.host.request(calibrationProtocol.onnxEntropy, { input }, signal);
      if (!signal.aborted) this.onnx = onnx;
    });
  }

  private judge(input: number, threshold: number, signal: AbortSignal): Promise<void> {
    return this.settle(signal, async () => {
      const figures = await this.host.request(calibrationProtocol.threshold, { input, threshold }, signal);
      if (!signal.aborted) this.figures = figures;
    });
  }

  private async settle(signal: AbortSignal, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (signal.aborted) return;
      this.failure = toDiagnostic(error);
    }
    if (!signal.aborted) this.changed();
  }
}
