import type { Feed } from "../../core/model/onnx/feeds";

/** The few parts of onnxruntime-node that are used (onnxruntime.ai/docs/api/js). */
export interface OnnxRuntime {
  readonly InferenceSession: { create(path: string, options: OnnxSessionOptions): Promise<OnnxRuntimeSession> };
  readonly Tensor: new (type: Feed["type"], data: Feed["data"], dims: readonly number[]) => OnnxTensor;
}

export interface OnnxSessionOptions {
  readonly executionProviders: readonly string[];
  readonly intraOpNumThreads: number;
  /** 3: errors alone; they are thrown too. */
  readonly logSeverityLevel: 3;
}

export interface OnnxRuntimeSession {
  run(feeds: Readonly<Record<string, OnnxTensor>>, fetches: readonly string[]): Promise<Readonly<Record<string, OnnxTensor>>>;
}

export interface OnnxTensor {
  /** Of float16, bits in older Node; numbers where it knows the type. */
  readonly data: unknown;
  readonly dims: readonly number[];
}
