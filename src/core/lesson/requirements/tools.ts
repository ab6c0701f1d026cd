import { type Requirement, servedIn } from "./requirement";

const details = "table[aria-label=Details] tr";
const methodOption = "vscode-dropdown[aria-label=Method] vscode-option:not([disabled])";
const menuItem = "[role=menu] [role=menuitem]";
const qualityChart = "qs-playground-quality [role=img]";
const controls = { page: "playground", component: "qs-playground" } as const;
const values = { page: "playground", component: "qs-playground-values" } as const;
const quality = { page: "playground", component: "qs-playground-quality" } as const;
const perplexity = { page: "playground", component: "qs-playground-perplexity" } as const;
const estimator = { page: "estimate", component: "qs-estimate" } as const;
const questions = { page: "estimate", component: "qs-estimate-questions" } as const;

/** What the reader tries on pages of their own: the playground, and sizes of any model. */
export const toolRequirements: readonly Requirement[] = [
  ...servedIn("playground", controls, [
    ["section", "section", "Interactive playground", "h1", "Playground"],
    ["bits", "control", "Bit width, 2 to 32", "input[type=range][aria-label=Bits][min='2'][max='32']"],
    ["method", "control", "Method", "vscode-dropdown[aria-label=Method]"],
    ["granularity", "control", "Per tensor, channel or group", "[role=radiogroup][aria-label=Granularity]"],
    ["data", "control", "Real weights or a shaped distribution", "[role=radiogroup][aria-label=Data]"],
    ["model", "control", "Weights of the model", "vscode-text-field[aria-label='Weights of the model']"],
    ["range", "control", "Where the range of the codes ends", "vscode-dropdown[aria-label=Range]"],
    ["link", "control", "A link to what is shown", "qs-menu .menu-button[aria-label='Copy link…']"],
    ["export", "control", "Pictures and tables of what is shown", "qs-menu .menu-button[aria-label='Export…']"],
    ["reset", "control", "Back to what is usual", "button[aria-label=Reset]"],
    ["tips", "concept", "What to try, and what to see", ".settings .tips", "Drag the bits"],
    ["fp32", "table", "Estimated size in FP32", ".settings .tile", "FP32"],
    ["size", "table", "Estimated size now, and the space saved", ".settings .tile", "saved"],
    ["modelSize", "table", "How many times smaller the model is", ".settings .tile", "× smaller"],
  ]),
  ...servedIn("playground", { ...controls, after: "openMethods" }, [
    ["gptq", "control", "GPTQ among the methods", methodOption, "GPTQ"],
    ["awq", "control", "AWQ among the methods", methodOption, "AWQ"],
  ]),
  ...servedIn("playground", { ...controls, after: "drawShaped" }, [
    ["distribution", "control", "Which distribution is drawn", "vscode-dropdown[aria-label=Distribution]"],
    ["shift", "control", "Shift of the values", "input[type=range][aria-label=Shift]"],
    ["outliers", "control", "Share of outliers", "input[type=range][aria-label=Outliers]"],
    ["notCalibrated", "concept", "Why GPTQ and AWQ are not at hand", ".settings p", "GPTQ and AWQ need a layer of a model"],
  ]),
  ...servedIn("playground", { ...controls, after: "openLinks" }, [
    ["commandLink", "control", "The link as a command URI", menuItem, "For Markdown and notebooks in VS Code"],
    ["webLink", "control", "The link that VS Code opens from outside", menuItem, "For browsers and mails"],
  ]),
  ...servedIn("playground", { ...controls, after: "openExport" }, [
    ["valuesPng", "control", "The values as PNG", menuItem, "Values as PNG…"],
    ["qualityPng", "control", "The curves as PNG", menuItem, "Quality as PNG…"],
    ["figuresCsv", "control", "Tiles and details as CSV", menuItem, "Figures as CSV…"],
    ["valuesCsv", "control", "The values as CSV", menuItem, "Values as CSV…"],
    ["qualityCsv", "control", "The curves as CSV", menuItem, "Quality as CSV…"],
  ]),
  ...servedIn("playground", quality, [
    ["quality", "figure", "Quality across bit widths", "qs-playground-quality qs-curves-view"],
    ["allMethods", "figure", "Curves of all affine methods at once", `${qualityChart}[aria-label*='for 6 affine methods']`],
    ["here", "figure", "What is chosen, on the curves", `${qualityChart}[aria-label*='What is chosen has']`],
    ["measure", "control", "Which measure of quality", "qs-playground-quality [role=radiogroup][aria-label=Measure]"],
  ]),
  ...servedIn("playground", { ...quality, after: "chooseGptq" }, [
    ["outputs", "control", "Curves by the outputs of the layer", "[aria-label=Measure] [role=radio]", "Outputs"],
    ["gptqCurve", "figure", "The curve of GPTQ beside the others", "qs-playground-quality .lines-key li", "GPTQ, "],
    ["awqCurve", "figure", "The curve of AWQ beside the others", "qs-playground-quality .lines-key li", "AWQ, "],
  ]),
  ...servedIn("playground", values, [
    ["values", "figure", "Values before and after", "qs-playground-values qs-figure-view [role=img]"],
    ["mae", "table", "Mean absolute error", "qs-playground-values .tile", "MAE"],
    ["rmse", "table", "Root mean squared error", "qs-playground-values .tile", "RMSE"],
    ["maxError", "table", "Largest error", "qs-playground-values .tile", "Max error"],
    ["within5", "table", "Share of values within 5 %", "qs-playground-values .tile", "Within 5 %"],
    ["bitsPerWeight", "table", "True bits per weight", "qs-playground-values .tile", "Bits/weight"],
    ["details", "table", "Details of what is chosen", "table[aria-label=Details]"],
    ["codes", "table", "Codes in the details", details, "Codes"],
    ["zeros", "table", "Weights that became 0", details, "Weights that became 0"],
    ["cosine", "table", "Cosine similarity", details, "Cosine similarity"],
    ["compression", "table", "Compression against FP32", details, "Compression"],
    ["chosen", "table", "Method in the details", details, "Method"],
    ["scale", "table", "Scale in the details", details, "Scale"],
    ["zeroPoint", "table", "Zero-point in the details", details, "Zero-point"],
    ["bytes", "table", "Bytes in the details", details, "Bytes of these weights"],
  ]),
  ...servedIn("playground", { ...values, after: "chooseGptq" }, [
    ["gptqError", "table", "Error of the outputs by GPTQ", details, "Error of the outputs"],
    ["gptqRounding", "table", "The same by rounding", details, "The same by rounding to nearest"],
    ["heldOut", "table", "Inputs that were held out to judge it", details, "Judged on held-out tokens"],
    ["outputsNote", "concept", "Why the weights may be further off", ".outputs-note", "GPTQ aims at the outputs of the layer"],
  ]),
  ...servedIn("playground", { ...values, after: "chooseAwq" }, [
    ["awqError", "table", "Error of the outputs by AWQ", details, "Error of the outputs"],
    ["awqNote", "concept", "The same of AWQ", ".outputs-note", "AWQ aims at the outputs of the layer"],
  ]),
  ...servedIn("playground", perplexity, [
    ["askPerplexity", "control", "The way to measure perplexity", "qs-playground-perplexity vscode-button", "Measure perplexity…"],
  ]),
  ...servedIn("playground", { ...perplexity, after: "measurePerplexity" }, [
    ["perplexity", "figure", "Perplexity against bits per weight", "qs-playground-perplexity [role=img][aria-label*='the original has']"],
    ["perplexityText", "concept", "The text that was foreseen", "qs-playground-perplexity figcaption", "calibration.txt"],
  ]),
  ...servedIn("playground", { ...values, after: "measurePerplexity" }, [
    ["perplexityDetail", "table", "Perplexity in the details, beside the original's", details, "(original "],
  ]),
  ...servedIn("estimator", estimator, [
    ["section", "section", "Sizes of any model", "h1", "Size Estimator"],
    ["devices", "control", "Devices that it has to fit", ".menu-button[aria-label='Choose devices']"],
    ["ownDevice", "control", "A device of the reader's own", "vscode-text-field[aria-label='GiB of a device of your own']"],
    ["filter", "control", "Formats of a name", "vscode-text-field[aria-label='Filter formats']"],
    ["copy", "control", "The table as Markdown", "vscode-button", "Copy as Markdown"],
    ["formulas", "concept", "How the figures come about", "details.how summary", "How this is computed"],
    ["answer", "table", "What takes the room, and where it fits", "section.answer .tile", "KV cache"],
  ]),
  ...servedIn("estimator", { ...estimator, after: "openExport" }, [
    ["csv", "control", "The table as CSV or Markdown", menuItem, "Table as CSV or Markdown…"],
    ["png", "control", "The bars as PNG", menuItem, "Chart as PNG…"],
  ]),
  ...servedIn("estimator", questions, [
    ["model", "control", "The model", "vscode-text-field[aria-label='Model size, types and context']"],
    ["source", "control", "A size, a checkpoint or a config.json", "[role=radiogroup][aria-label=Source]"],
    ["context", "control", "Context", "vscode-text-field[aria-label=Context]"],
    ["sequences", "control", "Sequences at once", "vscode-text-field[aria-label=Sequences]"],
    ["cacheType", "control", "Type of the KV cache", "vscode-dropdown[aria-label='Type of the KV cache']"],
  ]),
  ...servedIn("estimator", { page: "estimate", component: "qs-estimate-table" }, [
    ["formats", "table", "Every format, and what fits where", "[role=grid][aria-label='What each format needs'] tbody tr", "INT4"],
    ["bars", "figure", "Weights, KV cache and working memory as bars", "tbody .bars-cell"],
  ]),
];
