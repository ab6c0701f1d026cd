import type { TensorInfo } from "../../tensor/tensorInfo";
import { streamField } from "../bitStream";
import { configInteger, type FoundWeight, matrixOf, type PackingContext, type PackingMethod } from "../method";

/** Words of zero-points that are looked at to tell the two ways of storing them apart. */
const sampledWords = 16_384;

type ZeroFormat = "v1" | "v2";

interface GptqLayer {
  module: string;
  qweight: TensorInfo;
  qzeros: TensorInfo;
  scales: TensorInfo;
  order?: TensorInfo;
  rows: number;
  columns: number;
  bits: number;
  groups: number;
}

/** GPTQ as AutoGPTQ and GPTQModel store it: codes packed along the inputs, zero-points along the outputs (formats §3.4). */
export const gptq: PackingMethod = {
  marks: /\.qweight$/,
  async find(marked, context) {
    const layers = marked.flatMap((tensor) => layerOf(tensor, context) ?? []);
    reportConfig(layers, context);
    const less = (await zeroFormat(layers, context)) === "v1" ? 1 : 0;
    return layers.map((layer) => weightOf(layer, less, context));
  },
};

function layerOf(qweight: TensorInfo, { tensors, config }: PackingContext): GptqLayer | undefined {
  const module = qweight.name.slice(0, -".qweight".length);
  const [qzeros, scales, order] = ["qzeros", "scales", "g_idx"].map((part) => tensors.get(`${module}.${part}`));
  const [packed, zeros, scale] = [qweight, qzeros, scales].map((tensor) => tensor && matrixOf(tensor));
  if (!qzeros || !scales || !packed || !zeros || !scale || qweight.dtype !== "I32" || qzeros.dtype !== "I32") return undefined;
  const rows = scale.columns;
  // AutoAWQ packs along the outputs: its codes have fewer columns than there are scales.
  if (packed.columns !== rows || rows === 0 || zeros.rows !== scale.rows) return undefined;
  const bits = (zeros.columns * 32) / rows;
  if (![2, 3, 4, 8].includes(bits)) return undefined;
  const columns = (packed.rows * 32) / bits;
  const group = configInteger(config, "group_size", "q_group_size");
  const isOrder = order?.dtype === "I32" && order.shape.length === 1 && order.shape[0] === columns;
  const fits =
    Number.isInteger(columns) && scale.rows > 0 && (group === undefined || group <= 0 || Math.ceil(columns / group) === scale.rows);
  if (!fits && !isOrder) return undefined;
  return { module, qweight, qzeros, scales, ...(isOrder ? { order } : {}), rows, columns, bits, groups: scale.rows };
}

/** Loaders allocate by the config: one that does not fit the tensors makes them fail, or worse. */
function reportConfig(layers: readonly GptqLayer[], { config, diagnostics }: PackingContext): void {
  const bits = configInteger(config, "bits", "w_bit");
  const group = configInteger(config, "group_size", "q_group_size");
  const groupsOf = (columns: number): number => (group! > 0 ? Math.ceil(columns / group!) : 1);
  const otherBits = layers.find((layer) => bits !== undefined && layer.bits !== bits);
  const otherGroups = layers.find(({ columns, groups }) => group !== undefined && groupsOf(columns) !== groups);
  const hint = "Correct the config. Values are shown as the data has them.";
  if (otherBits) {
    const { module, qweight } = otherBits;
    const message = `"${module}" is packed with ${otherBits.bits} bits, but the config says ${bits}`;
    diagnostics.add("warning", "gptq.bits", message, {
      file: undefined,
      tensor: qweight.name,
      offset: qweight.offset,
      expected: `bits ${otherBits.bits}`,
      found: String(bits),
      hint,
    });
  }
  if (otherGroups) {
    const { module, scales, columns, groups } = otherGroups;
    const message = `"${module}" has scales of ${groups} groups in ${columns} columns, but the config says groups of ${group}`;
    diagnostics.add("warning", "gptq.group-size", message, {
      file: undefined,
      tensor: scales.name,
      offset: scales.offset,
      expected: `${groupsOf(columns)} groups`,
      found: `${groups} groups`,
      hint,
    });
  }
}

function weightOf(layer: GptqLayer, less: 0 | 1, { config }: PackingContext): FoundWeight {
  const { module, qweight, qzeros, scales, order, rows, columns, bits, groups } = layer;
  const group = configInteger(config, "group_size", "q_group_size");
  // A group size of the config that does not make as many groups as there are scales is not this layer's.
  const isTrue = group !== undefined && group > 0 && Math.ceil(columns / group) === groups;
  const cellColumns = groups === 1 ? columns : isTrue ? group : Math.ceil(columns / groups);
  // Only act-order needs the group of every column; otherwise g_idx says what the position says, and is not read again.
  const isOrdered = order !== undefined && config["desc_act"] !== false;
  return {
    name: `${module}.weight`,
    dtype: `GPTQ-int${bits}`,
    shape: [rows, columns],
    method: "GPTQ",
    bits,
    groupSize: groups === 1 ? 0 : cellColumns,
    notes: [`zero-points ${less === 1 ? "v1 (stored one less)" : "v2"}`, ...(isOrdered ? ["order of columns in g_idx"] : [])],
    layout: {
      rows,
      columns,
      codes: { form: "stream", part: 0, bits, along: "columns", subtract: 0 },
      scales: { form: "grid", part: 1, cellRows: 1, cellColumns, transposed: true },
      zeros: { form: "gptq", part: 2, bits, cellColumns, less },
      ...(isOrdered ? { order: 3 } : {}),
    },
    parts: [qweight, scales, qzeros, ...(order ? [order] : [])],
  };
}

/** How zero-points are stored: what the data shows where it is clear, else what the config says, else v1 as AutoGPTQ wrote for years. */
async function zeroFormat(layers: readonly GptqLayer[], context: PackingContext): Promise<ZeroFormat> {
  const declared = declaredFormat(context.config);
  if (layers.length === 0) return "v1";
  // The more zero-points, the clearer.
  const layer = layers.reduce((most, next) => (next.qzeros.bytes > most.qzeros.bytes ? next : most));
  const shown = await shownFormat(layer, context);
  if (shown && declared && shown !== declared) {
    const spelled = { v1: "gptq", v2: "gptq_v2" } as const;
    context.diagnostics.add(
      "warning",
      "gptq.zero-point-format",
      `The zero-points are stored as "${spelled[shown]}", but the config says "${spelled[declared]}"`,
      {
        file: undefined,
        tensor: layer.qzeros.name,
        offset: layer.qzeros.offset,
        expected: `checkpoint_format "${spelled[shown]}"`,
        found: `"${spelled[declared]}"`,
        hint: "Loaders that trust the config shift every weight by one step. Correct checkpoint_format in the config. Values are shown as the data has them.",
      },
    );
  }
  return shown ?? declared ?? "v1";
}

function declaredFormat(config: Readonly<Record<string, unknown>>): ZeroFormat | undefined {
  const format = config["checkpoint_format"] ?? config["format"];
  return format === "gptq_v2" ? "v2" : format === "gptq" ? "v1" : undefined;
}

/**
 * What the stored zero-points themselves show. Symmetric ones are all the middle code, or all one less. Asymmetric ones
 * scatter around the middle between the two middle codes, since weights scatter around 0; one less in v1.
 */
async function shownFormat({ qzeros, bits }: GptqLayer, context: PackingContext): Promise<ZeroFormat | undefined> {
  const count = Math.min(sampledWords, Math.floor(qzeros.bytes / 4));
  const bytes = await context.bytes(qzeros, 0, 4 * count);
  if (!bytes || count === 0) return undefined;
  const words = new Uint32Array(bytes.buffer, 0, count);
  const fields = Math.floor((32 * count) / bits);
  let [sum, squares, isConstant] = [0, 0, true];
  const first = streamField(words, 0, 1, bits, 0);
  for (let i = 0; i < fields; i++) {
    const field = streamField(words, 0, 1, bits, i);
    sum += field;
    squares += field * field;
    isConstant &&= field === first;
  }
  const middle = 2 ** (bits - 1);
  if (fields > 0 && isConstant) return first === middle ? "v2" : first === middle - 1 ? "v1" : undefined;
  if (fields < 512) return undefined;
  const mean = sum / fields;
  const error = Math.sqrt(Math.max(0, squares / fields - mean * mean) / fields);
  const fromV2 = Math.abs(mean - (middle - 0.5));
  const fromV1 = Math.abs(mean - (middle - 1.5));
  if (Math.abs(fromV1 - fromV2) < Math.max(0.5, 6 * error)) return undefined;
  return fromV1 < fromV2 ? "v1" : "v2";
}
