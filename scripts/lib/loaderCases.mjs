// What `npm run test:oracle:python` writes, and who loads it.

/**
 * @typedef {object} LoaderCase
 * @property {string} name format and type, and how layers are quantized
 * @property {string} script in the folder of loaders
 * @property {string[]} options of `quantize`
 * @property {number} [known] the perplexity over all of the validation text that the format's own tools reach, rounded to nearest or
 *   calibrated with the same text; 24.132 unquantized
 * @property {number} within of what is known, as far as ours may be above it; calibrated checkpoints may be better by any amount
 * @property {boolean} isCalibrated
 */

const scripts = { gptq: "load_gptq.py", "gptq-v2": "load_gptq.py", awq: "load_awq.py", bnb: "load_bnb.py" };

/**
 * Rounded to nearest: ours is the tools' own perplexity, whatever order sums are in.
 * @type {[what: string, known: number][]}
 */
const rounded = [
  ["gptq:int4-sym-g128", 24.554],
  ["gptq:int4-g128", 24.595],
  ["gptq-v2:int4-g128", 24.595],
  ["gptq-v2:int4-sym-g128", 24.554],
  ["gptq:int3-sym-g128", 26.65],
  ["gptq-v2:int2-g64", 37.75],
  ["gptq:int8-sym-g128", 24.139],
  ["awq:int4-g128", 24.595],
  ["bnb:nf4", 24.386],
  ["bnb:nf4-dq", 24.389],
  ["bnb:fp4", 24.703],
  ["bnb:fp4-dq", 24.706],
  ["bnb:llm-int8", 24.131],
  ["compressed-tensors:w4a16", 24.559],
  ["compressed-tensors:w8a16", 24.131],
  ["compressed-tensors:w8a8", 24.153],
  ["compressed-tensors:fp8_dynamic", 24.217],
];

/**
 * Calibrated with the sample's text: what GPTQModel reaches with the same settings, float32 inputs and a damping of 0.01, and what
 * rounding to nearest gives to eight bits.
 * @type {[what: string, method: string, known: number | undefined, order?: string][]}
 */
const calibrated = [
  ["gptq:int4-sym-g128", "gptq", 24.435, "stored"],
  ["gptq:int4-sym-g128", "gptq", 24.382, "group-aware"],
  ["gptq:int4-g128", "gptq", 24.419, "stored"],
  ["gptq:int4-sym-g128-order", "gptq", 24.4],
  ["gptq-v2:int4-g128", "gptq", 24.419, "group-aware"],
  ["gptq:int8-sym-g128", "gptq", 24.139],
  ["gptq:int3-g128", "gptq", 25.349],
  ["gptq-v2:int2-g128", "gptq", 35.92],
  ["awq:int4-g128", "awq", 24.503],
  ["compressed-tensors:w4a16", "gptq", 24.435],
  // AutoAWQ's figure is of grids with zero-points: nobody's is known of these. Those with zero-points, w4a16_asym, are not here:
  // compressed-tensors 0.20 itself reads them, but its model for transformers has no packed zero-points to load them into.
  ["compressed-tensors:w4a16", "awq", undefined],
  ["compressed-tensors:w8a8", "smoothquant", 24.153],
];

/**
 * @param {string} what @param {number | undefined} known @param {string} [method] @param {string} [order]
 * @returns {LoaderCase}
 */
function caseOf(what, known, method, order) {
  const [format = "", type = ""] = what.split(":");
  return {
    name: [what, ...(method ? [method] : []), ...(order ? [order] : [])].join(" "),
    script: scripts[format] ?? "load_compressed_tensors.py",
    options: [
      ...["--to", format, "--type", type],
      // The windows of the tools' figures.
      ...(method ? ["--method", method, "--context", "256"] : []),
      ...(order ? ["--order", order] : []),
    ],
    known,
    within: method || known === undefined ? 0.05 : 0.005 * known,
    isCalibrated: method !== undefined,
  };
}

export const loaderCases = [
  ...rounded.map(([what, known]) => caseOf(what, known)),
  ...calibrated.map(([what, method, known, order]) => caseOf(what, known, method, order)),
];
