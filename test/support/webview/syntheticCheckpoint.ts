import type { TensorStats } from "../../../src/core/measure/reports";
import type { PreviewReport } from "../../../src/jobs/contract";
import type { CheckpointSnapshot, EditorSettings, InitializeResult, TensorRow, TensorSummary } from "../../../src/protocol/editor";

/** Settings of a page in English. */
export const pageSettings: EditorSettings = { locale: "en", strings: {}, bins: 64, defaultScheme: "int4-g128" };

const modules = [
  "input_layernorm",
  "self_attn.q_proj",
  "self_attn.k_proj",
  "self_attn.v_proj",
  "self_attn.o_proj",
  "mlp.gate_proj",
  "mlp.down_proj",
];

/** `count` tensors of a made-up model, seven a layer. */
export function syntheticRows(count: number): TensorRow[] {
  let offset = 4096;
  return Array.from({ length: count }, (_, index) => {
    const layer = Math.floor(index / modules.length);
    const module = modules[index % modules.length]!;
    const isNorm = module.endsWith("norm");
    const shape = isNorm ? [256] : [256, 256];
    const parameters = isNorm ? 256 : 65_536;
    const row: TensorRow = {
      name: `model.layers.${layer}.${module}.weight`,
      dtype: "BF16",
      shape,
      parameters,
      bytes: 2 * parameters,
      file: 0,
      offset,
      part: isNorm ? "norms" : module.startsWith("mlp") ? "mlp" : "attention",
      decodable: true,
    };
    offset += row.bytes;
    return row;
  });
}

export function syntheticSnapshot(rows: TensorRow[], patch: Partial<CheckpointSnapshot> = {}): CheckpointSnapshot {
  const parameters = rows.reduce((sum, row) => sum + row.parameters, 0);
  return {
    name: "synthetic.safetensors",
    formatLabel: "safetensors",
    architecture: "llama",
    parameters,
    bytes: 2 * parameters,
    bitsPerWeight: 16,
    dtypes: [{ dtype: "BF16", parameters, bytes: 2 * parameters }],
    composition: (["attention", "mlp", "norms"] as const).map((part) => ({
      part,
      parameters: rows.reduce((sum, row) => sum + (row.part === part ? row.parameters : 0), 0),
    })),
    files: [{ name: "synthetic.safetensors", bytes: 2 * parameters, readable: true }],
    tensors: rows,
    metadataCount: 0,
    warnings: [],
    ...patch,
  };
}

/** A checkpoint that was opened and not scanned. */
export function readyResult(
  snapshot: CheckpointSnapshot,
  patch: Partial<Extract<InitializeResult, { kind: "ready" }>> = {},
): InitializeResult {
  return {
    kind: "ready",
    snapshot,
    summaries: [],
    scan: { kind: "none" },
    schemes: [
      { id: "Q4_K", label: "Q4_K", family: "ggml" },
      { id: "Q8_0", label: "Q8_0", family: "ggml" },
    ],
    settings: pageSettings,
    ...patch,
  };
}

/** A bell over ±5σ, as a scan reports it. */
function bell(bins: number, values: number): number[] {
  const density = Array.from({ length: bins }, (_, bin) => Math.exp(-0.5 * ((bin + 0.5) / (bins / 10) - 5) ** 2));
  const sum = density.reduce((total, value) => total + value, 0);
  return density.map((value) => Math.round((value / sum) * values));
}

/** Figures of a scanned tensor; `std` tells tensors apart. */
export function syntheticSummary(index: number, std: number): TensorSummary {
  const figures = { min: -4.2 * std, max: 4.3 * std, mean: 0, std, absMax: 4.3 * std, kurtosis: 3 + index / 100 };
  return { index, ...figures, zero: index, nan: 0, inf: 0, spark: bell(40, 65_536) };
}

export function syntheticStats(row: TensorRow): TensorStats {
  return {
    name: row.name,
    dtype: row.dtype,
    shape: row.shape,
    count: row.parameters,
    finite: row.parameters,
    nan: 0,
    inf: 0,
    zero: 0,
    min: -0.21,
    max: 0.215,
    mean: 0,
    std: 0.05,
    rms: 0.05,
    absMax: 0.215,
    kurtosis: 3,
    percentiles: { "0.1": -0.155, "50": 0, "99.9": 0.155 },
    histogram: { min: -0.21, max: 0.215, counts: bell(64, row.parameters) },
  };
}

/** A preview whose RMSE names it, so that tests can tell reports apart on the page. */
export function syntheticPreview(scheme: string, rmse: number, patch: Partial<PreviewReport> = {}): PreviewReport {
  const counts = bell(64, 65_536);
  const figures = { min: -0.21, mean: 0, std: 0.05, max: 0.215, zero: 0, nan: 0, inf: 0 };
  return {
    scheme,
    sampled: false,
    share: 1,
    before: { min: -0.21, max: 0.215, counts },
    after: { min: -0.21, max: 0.215, counts: counts.map((value, bin) => (bin % 4 === 0 ? value * 4 : 0)) },
    binRmse: counts.map((value) => (value > 0 ? rmse : null)),
    beforeFigures: figures,
    afterFigures: { ...figures, zero: 4096 },
    errors: {
      mae: rmse * 0.86,
      rmse,
      maxError: rmse * 2.7,
      relativeRmse: rmse / 0.05,
      sqnrDb: 20,
      within5: 0.23,
      cosine: 0.995,
      bitsPerWeight: 4.16,
      bytes: 34_079,
    },
    ...patch,
  };
}

/** Answers about the tensors of a synthetic checkpoint: statistics, and previews. */
export function syntheticAnswers(rows: readonly TensorRow[]) {
  return {
    detail: ({ tensor }: { tensor: number }) => syntheticStats(rows[tensor]!),
    preview: ({ scheme }: { scheme: string }) => syntheticPreview(scheme, 0.005),
  };
}
