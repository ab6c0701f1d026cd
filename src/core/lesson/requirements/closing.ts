import { type Requirement, servedIn } from "./requirement";

const certificate = { page: "lesson", section: "certificate", component: "qs-lesson-certificate" } as const;

/** The sections that go further, sum up, name tools, and end the lesson. */
export const closingRequirements: readonly Requirement[] = [
  ...servedIn("further", { page: "lesson", section: "further" }, [
    ["section", "section", "Going further", "h2", "Going further"],
    ["mixed", "concept", "Mixed precision: more bits for tensors that need them", "p", "Not every tensor takes rounding equally well"],
    [
      "grouped",
      "concept",
      "Grouped quantization: a scale for every few weights",
      "p",
      "One scale for every few weights reaches only theirs",
    ],
    ["dynamic", "concept", "Dynamic quantization: ranges at run time", "p", "their ranges are computed while the model runs"],
    ["formats", "concept", "Floats, integers, and levels from a table", "p", "Floats spend some bits on an exponent"],
  ]),
  ...servedIn("further", { page: "lesson", section: "further", component: "qs-group-sizes" }, [
    ["groups", "figure", "Error and overhead by group size", "qs-group-sizes qs-lines-view"],
    ["groupSize", "control", "Weights of a group", "qs-group-sizes input[type=range]"],
    ["binary", "concept", "One bit: binarization", "p", "Binarization keeps a sign and one mean magnitude"],
    ["ternary", "concept", "Three levels, which are deployed", "p", "BitNet b1.58 trains with them from the start"],
    ["lowBits", "table", "What one bit and three levels do to real weights", "table.low-bits tbody tr"],
  ]),
  ...servedIn("further", { page: "lesson", section: "further", component: "qs-recipe-table" }, [
    ["recipe", "table", "Types of the tensors in a mixed recipe, and why", "table.recipe-table tbody tr"],
  ]),
  ...servedIn("further", { page: "lesson", section: "further", component: "qs-bit-layout" }, [
    ["bits", "figure", "The bits of a number in each format", ".bits[role=group] [data-bit]"],
    ["format", "control", "The number format", "[role=radiogroup][aria-label='Number format']"],
    ["ranges", "table", "Bits, range and values of the formats", "table.bits-table tbody tr"],
  ]),
  ...servedIn("takeaways", { page: "lesson", section: "takeaways" }, [
    ["section", "section", "Key takeaways and resources", "h2", "Key takeaways and resources"],
    ["compression", "concept", "How much smaller", ".take li", "INT8 takes a quarter of FP32"],
    ["speed", "concept", "How much faster, and when", ".take li", "Speed depends"],
    ["devices", "concept", "Models on consumer hardware", ".take li", "consumer hardware"],
    ["calibration", "concept", "Ranges decide", ".take li", "Ranges decide"],
    ["methods", "concept", "GPTQ and AWQ help at few bits", ".take li", "Methods help at few bits"],
    ["trade", "concept", "The trade-off is real, and is judged on outputs", ".take li", "Judge outputs"],
    ["autoGptq", "resource", "AutoGPTQ, and what carries it on", "table.res tbody tr", "pip install gptqmodel"],
    ["autoAwq", "resource", "AutoAWQ, and what carries it on", "table.res tbody tr", "pip install llmcompressor"],
    ["bitsandbytes", "resource", "bitsandbytes", "table.res tbody tr", "bitsandbytes"],
    ["ollama", "resource", "Ollama", "table.res tbody tr", "Ollama"],
  ]),
  ...servedIn("certificate", certificate, [
    ["section", "section", "Completion and certificate", "h2", "Completion and certificate"],
    ["complete", "control", "Mark the lesson as complete", "vscode-button", "Mark as complete"],
    ["honest", "concept", "What the certificate says, and what it is not", "p", "not an examination"],
  ]),
  ...servedIn("certificate", { ...certificate, after: "completeLesson" }, [
    ["name", "control", "The reader's name", "vscode-text-field[aria-label='Your name']"],
    ["svg", "control", "The certificate as SVG", "vscode-button", "Save as SVG…"],
    ["png", "control", "The certificate as PNG", "vscode-button", "Save as PNG…"],
  ]),
];
