import * as vscode from "vscode";
import type { NoteCode } from "../../core/estimate/notes";
import type { EstimateTexts } from "./estimateText";

const notes: Readonly<Record<NoteCode, (value: string) => string>> = {
  wider: (value) => vscode.l10n.t("{0} tensors do not divide into blocks and take a wider type", value),
  matrices: () => vscode.l10n.t("all weight matrices; other tensors as stored"),
  proportions: (value) => vscode.l10n.t("in the proportions of {0}", value),
  beside: (value) => vscode.l10n.t("what sees or hears is a file of its own: about {0} in F16", value),
  mixture: (value) => vscode.l10n.t("a llama-quantize file of this name mixes in other types: about {0}", value),
};

/** The parts that labels of types are made of, and each in the language of the editor. Names stay as they are. */
const parts: readonly (readonly [RegExp, (value: string, second: string) => string])[] = [
  [/^(\d+) bytes? a weight$/, (value) => (value === "1" ? vscode.l10n.t("1 byte a weight") : vscode.l10n.t("{0} bytes a weight", value))],
  [/^half a byte a weight$/, () => vscode.l10n.t("half a byte a weight")],
  [/^without scales$/, () => vscode.l10n.t("without scales")],
  [/^(\d+)-bit float$/, (value) => vscode.l10n.t("{0}-bit float", value)],
  [/^wide range$/, () => vscode.l10n.t("wide range")],
  [/^symmetric$/, () => vscode.l10n.t("symmetric")],
  [/^asymmetric$/, () => vscode.l10n.t("asymmetric")],
  [/^per tensor$/, () => vscode.l10n.t("per tensor")],
  [/^per channel$/, () => vscode.l10n.t("per channel")],
  [/^per row$/, () => vscode.l10n.t("per row")],
  [/^groups of (\d+)$/, (value) => vscode.l10n.t("groups of {0}", value)],
  [/^blocks of (\d+)$/, (value) => vscode.l10n.t("blocks of {0}", value)],
  [/^(\d)-bit blocks of (\d+)$/, (bits, size) => vscode.l10n.t("{0}-bit blocks of {1}", bits, size)],
  [/^(\d)-bit blocks of (\d+) with offset$/, (bits, size) => vscode.l10n.t("{0}-bit blocks of {1} with offset", bits, size)],
  [/^(\d)-bit super-blocks of (\d+)$/, (bits, size) => vscode.l10n.t("{0}-bit super-blocks of {1}", bits, size)],
  [/^uneven levels$/, () => vscode.l10n.t("uneven levels")],
  [/^(\d)-bit lattice$/, (value) => vscode.l10n.t("{0}-bit lattice", value)],
  [/^ternary lattice$/, () => vscode.l10n.t("ternary lattice")],
  [/^book of (\d+)$/, (value) => vscode.l10n.t("book of {0}", value)],
  [/^signs$/, () => vscode.l10n.t("signs")],
  [/^ternary$/, () => vscode.l10n.t("ternary")],
  [/^four weights a byte$/, () => vscode.l10n.t("four weights a byte")],
  [/^five weights a byte$/, () => vscode.l10n.t("five weights a byte")],
  [/^(\d)-bit floats$/, (value) => vscode.l10n.t("{0}-bit floats", value)],
  [/^power-of-two scales$/, () => vscode.l10n.t("power-of-two scales")],
  [/^(\d)-bit float scales$/, (value) => vscode.l10n.t("{0}-bit float scales", value)],
  [/^single precision$/, () => vscode.l10n.t("single precision")],
  [/^half precision$/, () => vscode.l10n.t("half precision")],
  [/^ggml blocks of (\d+)$/, (value) => vscode.l10n.t("ggml blocks of {0}", value)],
  [/^GGUF file$/, () => vscode.l10n.t("GGUF file")],
  [/^mostly (\S+)$/, (value) => vscode.l10n.t("mostly {0}", value)],
  [/^normal float$/, () => vscode.l10n.t("normal float")],
  [/^double quantization$/, () => vscode.l10n.t("double quantization")],
  [/^dynamic map$/, () => vscode.l10n.t("dynamic map")],
  [/^half-quadratic$/, () => vscode.l10n.t("half-quadratic")],
  [/^(\d+) bits$/, (value) => vscode.l10n.t("{0} bits", value)],
  [/^percentile (\S+)$/, (value) => vscode.l10n.t("percentile {0}", value)],
  [/^least squared error$/, () => vscode.l10n.t("least squared error")],
  [/^least KL divergence$/, () => vscode.l10n.t("least KL divergence")],
  [/^mean magnitude per row$/, () => vscode.l10n.t("mean magnitude per row")],
  [/^mean magnitude of (\d+)$/, (value) => vscode.l10n.t("mean magnitude of {0}", value)],
  [/^microscaling$/, () => vscode.l10n.t("microscaling")],
];

function localizedPart(part: string): string {
  for (const [pattern, text] of parts) {
    const match = pattern.exec(part);
    if (match) return text(match[1] ?? "", match[2] ?? "");
  }
  return part;
}

/** Notes and explanations of estimates in the language of the editor. */
export const localizedTexts: EstimateTexts = {
  note: ({ code, value }) => notes[code](value),
  explanation: (text) => text.split(", ").map(localizedPart).join(", "),
};
