import { type InspectReport, inspectReport } from "../jobs/inspect";
import { formatBytes, formatCount, formatNumber, formatShape, plainText } from "./format";
import { print, printJson } from "./output";
import { type TensorOptions, withCheckpoint } from "./session";
import { formatTable } from "./table";

/** `inspect`: what the headers of a checkpoint say. */
export async function inspect(path: string, options: TensorOptions): Promise<void> {
  const report = await withCheckpoint(path, options, inspectReport);
  await (options.json ? printJson(report) : print(reportText(report)));
}

function reportText(report: InspectReport): string {
  const { format, architecture, parameters, bytes, bitsPerWeight, files, tensors, metadata, warnings } = report;
  const facts = `${architecture ?? "unknown architecture"} · ${format} · ${formatCount(parameters)} weights · ${formatBytes(bytes)} · ${formatNumber(bitsPerWeight)} bits/weight`;
  const sections = [
    plainText(facts),
    formatTable(
      [{ heading: "file" }, { heading: "bytes", numeric: true }],
      files.map((file) => [file.path, formatCount(file.bytes)]),
    ),
    formatTable(
      [
        { heading: "tensor" },
        { heading: "type" },
        { heading: "shape" },
        { heading: "weights", numeric: true },
        { heading: "bytes", numeric: true },
      ],
      tensors.map((tensor) => [
        tensor.name,
        tensor.dtype,
        formatShape(tensor.shape),
        formatCount(tensor.parameters),
        formatCount(tensor.bytes),
      ]),
    ),
    formatTable(
      [{ heading: "metadata" }, { heading: "type" }, { heading: "value" }],
      metadata.map(({ key, type, value, length }) => [key, type, valueText(value, length)]),
    ),
    ...warnings.map(({ severity, message, hint }) => plainText(`${severity}: ${message}${hint === undefined ? "" : ` ${hint}`}`)),
  ];
  return sections.join("\n\n");
}

const longestValue = 80;

function valueText(value: InspectReport["metadata"][number]["value"], length: number | undefined): string {
  const text = Array.isArray(value) ? `[${value.slice(0, 8).join(", ")}${(length ?? 0) > 8 ? ", …" : ""}] (${length})` : String(value);
  return text.length > longestValue ? `${text.slice(0, longestValue - 1)}…` : text;
}
