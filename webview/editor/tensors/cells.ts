import { html, nothing, svg, type TemplateResult } from "lit";
import type { TensorRow, TensorSummary } from "../../../src/protocol/editor";
import type { ColumnId } from "../../../src/protocol/editorState";
import { bytes, compact, count, missing, range, shape, significant } from "../../ui/format";
import { t } from "../../ui/l10n";
import { sparkHeight, sparkPath, sparkWidth, sumCounts } from "./sparkline";
import type { GroupNode, TreeNode } from "./tensorTree";

type Content = TemplateResult | string | typeof nothing;

/** A range drawing's size in pixels. */
const rangeWidth = 84;
const rangeHeight = 16;

/** What a cell of a tensor shows. `scale` is the value at both ends of the Range column. */
export function tensorCell(column: ColumnId, row: TensorRow, summary: TensorSummary | undefined, scale: number | undefined): Content {
  switch (column) {
    case "shape":
      return shape(row.shape, "×");
    case "dtype":
    case "parameters":
    case "bytes":
      return sizeCell(column, row);
    case "offset":
      return count(row.offset);
    case "zero":
      return summary ? compact(summary.zero) : unknownFigure(row);
    case "range":
      if (!row.decodable) return unknownFigure(row);
      return summary && scale !== undefined ? rangeCell(summary, scale) : nothing;
    case "spark":
      return summary ? sparkCell(summary.spark, describeShape(summary)) : nothing;
    default:
      return summary ? significant(summary[column]) : unknownFigure(row);
  }
}

/** What tensors and groups both have. */
function sizeCell(column: "dtype" | "parameters" | "bytes", row: Pick<TensorRow, "dtype" | "parameters" | "bytes">): Content {
  if (column === "dtype") return html`<span class="muted">${row.dtype}</span>`;
  return column === "parameters" ? compact(row.parameters) : bytes(row.bytes);
}

function unknownFigure(row: TensorRow): TemplateResult {
  return html`<span class="muted" title=${whyUnknown(row)}>${missing}</span>`;
}

function whyUnknown({ decodable, unavailable }: TensorRow): string {
  if (decodable) return t("Not scanned yet");
  if (unavailable === "truncated") return t("The file ends before the last value");
  return unavailable === "no-file" ? t("The file is missing or cannot be read") : t("Values of this type are not yet decoded");
}

/** What a cell of a group shows: sums where a sum means something, else nothing. */
export function groupCell(
  column: ColumnId,
  group: GroupNode,
  expanded: boolean,
  summaries: readonly (TensorSummary | undefined)[],
): Content {
  switch (column) {
    case "shape":
      return html`<span class="muted">${group.tensors === 1 ? t("1 tensor") : t("{0} tensors", count(group.tensors))}</span>`;
    case "dtype":
    case "parameters":
    case "bytes":
      return sizeCell(column, group);
    case "spark":
      return expanded ? nothing : groupSpark(group, summaries);
    default:
      return nothing;
  }
}

function groupSpark(group: GroupNode, summaries: readonly (TensorSummary | undefined)[]): Content {
  const below = leaves(group).map((index) => summaries[index]);
  const scanned = below.flatMap((summary) => (summary ? [summary.spark] : []));
  if (scanned.length < below.length || scanned.length === 0) return nothing;
  return sparkCell(sumCounts(scanned), t("{0} tensors together, each in its own σ", count(scanned.length)));
}

/** Indices of all tensors below a node. */
export function leaves(node: TreeNode): number[] {
  return node.kind === "tensor" ? [node.index] : node.children.flatMap(leaves);
}

function describeShape(summary: TensorSummary): string {
  return t("kurtosis {0}", significant(summary.kurtosis));
}

function sparkCell(counts: readonly number[], description: string): Content {
  const path = sparkPath(counts);
  if (path === "") return nothing;
  return html`<svg
    class="spark"
    width=${sparkWidth}
    height=${sparkHeight}
    viewBox="0 0 ${sparkWidth} ${sparkHeight}"
    role="img"
    aria-label=${description}
  >
    <path d=${path} class="c-before" />
  </svg>`;
}

function rangeCell(summary: TensorSummary, scale: number): Content {
  const { min, max, mean, std } = summary;
  if (min === null || max === null || mean === null || std === null) return missing;
  const text = range(min, max, 2);
  if (Math.max(Math.abs(min), Math.abs(max)) > scale) return html`<span class="range-text muted" title=${text}>${text}</span>`;
  const x = (value: number): number =>
    Math.round((rangeWidth / 2) * (1 + (Math.min(scale, Math.max(-scale, value)) / scale) * 0.96) * 10) / 10;
  const low = x(mean - std);
  return html`<svg
    class="spark"
    width=${rangeWidth}
    height=${rangeHeight}
    viewBox="0 0 ${rangeWidth} ${rangeHeight}"
    role="img"
    aria-label=${text}
  >
    ${svg`<line class="range-zero" x1=${x(0)} x2=${x(0)} y1="1" y2="15" />
      <path class="range-whisker" d="M${x(min)} 8H${x(max)}M${x(min)} 5v6M${x(max)} 5v6" />
      <rect class="range-bar" x=${low} y="5" width=${Math.max(1, x(mean + std) - low)} height="6" />`}
  </svg>`;
}
