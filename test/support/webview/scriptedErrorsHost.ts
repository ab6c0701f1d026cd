import type { ErrorFigures } from "../../../src/core/measure/reports";
import { type ErrorsPicture, errorsProtocol, type ErrorTensor, type Exclusions, type TypeErrors } from "../../../src/protocol/errors";
import { NotedPageHost } from "./notedPageHost";

export type ReadyErrors = Extract<ErrorsPicture, { kind: "ready" }>;

/** Figures of a type with this relative error. */
export function figuresOf(relativeRmse: number, patch: Partial<ErrorFigures> = {}): ErrorFigures {
  const sizes = { mae: 0.04 * relativeRmse, rmse: 0.05 * relativeRmse, maxError: 0.2 * relativeRmse };
  return {
    ...sizes,
    relativeRmse,
    sqnrDb: -20 * Math.log10(relativeRmse),
    within5: 0.5,
    cosine: 1,
    bitsPerWeight: 4.5,
    bytes: 100,
    ...patch,
  };
}

const kinds = ["down_proj", "q_proj", "k_proj", "up_proj"];

/** Matrices of a made-up model, four a layer, after one outside of layers. */
export function syntheticErrorTensors(layers: number): ErrorTensor[] {
  const matrices = Array.from({ length: layers * kinds.length }, (_, place): ErrorTensor => {
    const layer = Math.floor(place / kinds.length);
    const kind = kinds[place % kinds.length]!;
    return { index: place + 1, name: `model.layers.${layer}.block.${kind}.weight`, parameters: 65_536, layer, kind };
  });
  return [{ index: 0, name: "model.embed_tokens.weight", parameters: 524_288, kind: "embed_tokens" }, ...matrices];
}

/** A type under which the error of each tensor is `error` and grows by a thousandth of it from tensor to tensor. */
export function syntheticType(
  type: string,
  bitsPerWeight: number,
  error: number,
  tensors: number,
  patch: Partial<TypeErrors> = {},
): TypeErrors {
  return {
    type,
    label: type,
    tensors: Array.from({ length: tensors }, (_, place) => figuresOf(error * (1 + place / 1000), { bitsPerWeight })),
    total: figuresOf(error, { bitsPerWeight }),
    isSampled: false,
    ...patch,
  };
}

/** A measured table of 13 tensors and three types. */
export function readyErrors(patch: Partial<ReadyErrors> = {}): ReadyErrors {
  const tensors = syntheticErrorTensors(3);
  return {
    kind: "ready",
    name: "synthetic.safetensors",
    uri: "file:///synthetic.safetensors",
    tensors,
    types: [
      syntheticType("Q8_0", 8.5, 0.005, tensors.length),
      syntheticType("Q4_K", 4.5, 0.07, tensors.length),
      syntheticType("MXFP4", 4.75, 0.11, tensors.length),
    ],
    run: { kind: "done", elapsedMs: 900 },
    schemes: [
      { id: "Q8_0", label: "Q8_0", family: "ggml" },
      { id: "Q4_K", label: "Q4_K", family: "ggml" },
    ],
    locale: "en",
    strings: {},
    ...patch,
  };
}

/** A host of an Errors page whose picture and answers are the test's. What the page asks is noted by name. */
export class ScriptedErrorsHost extends NotedPageHost {
  constructor(
    private readonly picture: () => ErrorsPicture,
    private readonly exclusions: (type: string) => Exclusions | null = () => null,
  ) {
    super();
  }

  protected override answer(): void {
    const p = errorsProtocol;
    this.connection.onRequest(p.initialize, () => this.picture());
    this.connection.onRequest(p.exclusions, ({ type }) => this.exclusions(type));
    this.note([p.chooseTypes, p.chooseImportance, p.measure, p.cancel, p.export, p.copy, p.save, p.openTensor, p.quantize], p.save);
  }
}
