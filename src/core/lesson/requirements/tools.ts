import { type Requirement, servedIn } from "./requirement";

/** What the reader tries on pages of their own: the playground, and sizes of any model. */
export const toolRequirements: readonly Requirement[] = [
  ...servedIn("playground", { page: "playground", component: "qs-playground" }, [
    ["section", "section", "Interactive playground", "h1", "Playground"],
    ["bits", "control", "Bit width, 2 to 32", "input[type=range][aria-label=Bits][min='2'][max='32']"],
    ["method", "control", "Method", "vscode-dropdown[aria-label=Method]"],
    ["granularity", "control", "Per tensor, channel or group", "[role=radiogroup][aria-label=Granularity]"],
    ["data", "control", "Real weights or a shaped distribution", "[role=radiogroup][aria-label=Data]"],
    ["model", "control", "Weights of the model", "vscode-text-field[aria-label='Weights of the model']"],
    ["tips", "concept", "What to try, and what to see", ".settings .tips", "Drag the bits"],
    ["fp32", "table", "Estimated size in FP32", ".settings .tile", "FP32"],
    ["size", "table", "Estimated size now, and the space saved", ".settings .tile", "saved"],
    ["modelSize", "table", "How many times smaller the model is", ".settings .tile", "× smaller"],
  ]),
  ...servedIn("playground", { page: "playground", component: "qs-playground-quality" }, [
    ["quality", "figure", "Quality across bit widths", "qs-playground-quality qs-curves-view"],
    ["measure", "control", "Which measure of quality", "qs-playground-quality [role=radiogroup][aria-label=Measure]"],
  ]),
  ...servedIn("playground", { page: "playground", component: "qs-playground-values" }, [
    ["values", "figure", "Values before and after", "qs-playground-values qs-figure-view [role=img]"],
    ["mae", "table", "Mean absolute error", "qs-playground-values .tile", "MAE"],
    ["rmse", "table", "Root mean squared error", "qs-playground-values .tile", "RMSE"],
    ["maxError", "table", "Largest error", "qs-playground-values .tile", "Max error"],
    ["within5", "table", "Share of values within 5 %", "qs-playground-values .tile", "Within 5 %"],
    ["bitsPerWeight", "table", "True bits per weight", "qs-playground-values .tile", "Bits/weight"],
    ["compression", "table", "Compression against FP32", "table[aria-label=Details] tr", "Compression"],
    ["chosen", "table", "Method in the details", "table[aria-label=Details] tr", "Method"],
    ["scale", "table", "Scale in the details", "table[aria-label=Details] tr", "Scale"],
    ["zeroPoint", "table", "Zero-point in the details", "table[aria-label=Details] tr", "Zero-point"],
    ["bytes", "table", "Bytes in the details", "table[aria-label=Details] tr", "Bytes of these weights"],
  ]),
  ...servedIn("estimator", { page: "estimate", component: "qs-estimate" }, [
    ["section", "section", "Sizes of any model", "h1", "Size Estimator"],
    ["devices", "control", "Devices that it has to fit", ".menu-button[aria-label='Choose devices']"],
    ["answer", "table", "What takes the room, and where it fits", "section.answer .tile", "KV cache"],
  ]),
  ...servedIn("estimator", { page: "estimate", component: "qs-estimate-questions" }, [
    ["model", "control", "The model", "vscode-text-field[aria-label='Model size, types and context']"],
  ]),
  ...servedIn("estimator", { page: "estimate", component: "qs-estimate-table" }, [
    ["formats", "table", "Every format, and what fits where", "[role=grid][aria-label='What each format needs'] tbody tr", "INT4"],
    ["bars", "figure", "Weights, KV cache and working memory as bars", "tbody .bars-cell"],
  ]),
];
