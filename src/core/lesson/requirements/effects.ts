import { type Requirement, servedIn } from "./requirement";

/** The sections on size and speed, on GPTQ and AWQ, and on calibration. */
export const effectRequirements: readonly Requirement[] = [
  ...servedIn("impact", { page: "lesson", section: "impact", component: "qs-lesson-impact" }, [
    ["section", "section", "Real impact: size and speed", "h2", "Real impact: size and speed"],
    [
      "parameters",
      "control",
      "Weights of the model, 0.1 billion to 1 trillion",
      "input[type=range][aria-label='Weights of the model, logarithmic']",
    ],
    ["chart", "figure", "Sizes by format", "svg[role=img][aria-label^='Bars of the sizes']"],
    ["fp32", "table", "FP32: bits, size, use", "table[aria-label='Size of the weights by format'] tbody tr", "training, reference"],
    ["fp16", "table", "FP16: bits, size, use", "table[aria-label='Size of the weights by format'] tbody tr", "inference on GPUs"],
    ["int8", "table", "INT8: bits, size, how much smaller", "table[aria-label='Size of the weights by format'] tbody tr", "4.0×"],
    ["int4", "table", "INT4: bits, size, how much smaller", "table[aria-label='Size of the weights by format'] tbody tr", "8.0×"],
    ["share", "table", "Each size as a share of FP32", "table[aria-label='Size of the weights by format'] thead th", "Of FP32"],
    ["use", "table", "What each format is used for", "table[aria-label='Size of the weights by format'] thead th", "Used for"],
    ["overhead", "concept", "Real formats store scales, too", "p", "Scales are stored beside the codes"],
    ["latency", "concept", "Fewer bytes take less time to read", "p", "reads every weight once for each token"],
    ["hardware", "concept", "Why hardware computes with integers faster", "p", "takes a fraction of the area and energy"],
    ["conditions", "concept", "No speed is promised", "p", "no factor is promised here"],
  ]),
  ...servedIn("impact", { page: "lesson", section: "impact", component: "qs-lesson-speed" }, [
    ["speed", "figure", "Speed, measured on this machine", "figure.measure", "Measured on this machine"],
    ["measure", "control", "Start the measurement", "figure.measure vscode-button", "Measure"],
  ]),
  ...servedIn("beyond", { page: "lesson", section: "beyond", component: "qs-lesson-beyond" }, [
    ["section", "section", "Beyond rounding: GPTQ and AWQ", "h2", "GPTQ and AWQ"],
    ["gptq", "concept", "GPTQ: second-order, layer by layer, without gradients", "p", "It trains nothing and uses no gradients"],
    ["awq", "concept", "AWQ: the same bits for all, channels scaled by their inputs", "p", "gives every weight the same bits"],
    ["layers", "concept", "For and against: layer by layer, and what it costs", "p", "Both go layer by layer"],
    ["comparison", "concept", "For and against: which keeps more", "p", "Which of the two keeps more depends on"],
  ]),
  ...servedIn("beyond", { page: "lesson", section: "beyond", component: "qs-gptq-figure" }, [
    ["gptqFigure", "figure", "GPTQ, column by column, beside rounding", "qs-gptq-figure .change-pair svg[role=img]"],
    ["gptqError", "figure", "The outputs' error as GPTQ goes", "qs-gptq-figure qs-lines-view"],
    ["gptqSteps", "control", "The steps of GPTQ", "qs-gptq-figure qs-step-player input[type=range]"],
    ["gptqBits", "control", "Bits of a weight", "qs-gptq-figure [role=radiogroup][aria-label='Bits of a weight']"],
  ]),
  ...servedIn("beyond", { page: "lesson", section: "beyond", component: "qs-awq-figure" }, [
    ["awqFigure", "figure", "AWQ's scaling of channels with large inputs", "qs-awq-figure svg.awq-bars[role=img]"],
    ["awqError", "figure", "The outputs' error by strength of the scaling", "qs-awq-figure qs-lines-view"],
    ["awqSteps", "control", "The strength of the scaling", "qs-awq-figure qs-step-player input[type=range]"],
  ]),
  ...servedIn("calibration", { page: "lesson", section: "calibration", component: "qs-lesson-calibration" }, [
    ["section", "section", "Calibration: choosing the range", "h2", "Calibration: choosing the range"],
    ["trade", "concept", "Outliers waste codes, clipping loses values", "p", "A wide range wastes codes"],
    ["data", "concept", "Run on some hundred representative samples", "p", "usually some hundred samples"],
    ["minmax", "concept", "Min-max", "dl.methods dt", "Min–max"],
    ["percentile", "concept", "Percentile", "dl.methods dt", "Percentile"],
    ["mse", "concept", "Squared error", "dl.methods dt", "MSE"],
    ["entropy", "concept", "Entropy, by Kullback-Leibler divergence", "dl.methods dt", "Entropy"],
    ["choices", "table", "What each method chooses, side by side", ".methods-table tbody tr[data-method=entropy]"],
    ["best", "concept", "No method is best everywhere", "p", "No method is best everywhere"],
    ["curves", "figure", "What each threshold costs", "qs-lines-view"],
  ]),
  ...servedIn("calibration", { page: "lesson", section: "calibration", component: "qs-threshold-plot" }, [
    ["histogram", "figure", "A histogram of real activations", "qs-threshold-plot .plot-area"],
    ["threshold", "control", "A threshold to drag", "qs-threshold-plot [role=slider]"],
  ]),
];
