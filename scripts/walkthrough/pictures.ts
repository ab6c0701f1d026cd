import { sparkHeight, sparkPath, sparkWidth } from "../../webview/editor/tensors/sparkline";
import { paretoFront } from "../../webview/charts/paretoFront";
import type { PreviewReport } from "../../src/jobs/contract";
import type { CheckpointSnapshot } from "../../src/protocol/editor";
import { countScale, type Frame, type Scale, scale, silhouette, spikes, valueAxis } from "./plot";
import type { SampleFigures } from "./sampleFigures";
import { colors, element, line, path, picture, rect, round, text, width } from "./svg";

const margin = 24;
const inner = width - 2 * margin;
const ticks = [-0.4, -0.2, 0, 0.2, 0.4];

const size = (bytes: number): string => (bytes < 1e6 ? `${(bytes / 1e3).toPrecision(3)} kB` : `${(bytes / 1e6).toPrecision(3)} MB`);
const fileBytes = ({ files }: CheckpointSnapshot): number => files.reduce((sum, { bytes }) => sum + bytes, 0);
const decibels = ({ errors }: PreviewReport): string => `SQNR ${(errors.sqnrDb ?? NaN).toFixed(1)} dB`;
const largest = (values: readonly number[]): number => values.reduce((most, value) => Math.max(most, value), 0);

/** The pictures of the walkthrough's steps by the names of these, each the figure of its step cut down to one idea. */
export function drawPictures(figures: SampleFigures): Record<string, string> {
  const drawings = { open, histogram, quantize, range, types, write };
  return Object.fromEntries(Object.entries(drawings).map(([step, draw]) => [step, picture(draw(figures))]));
}

/** One tensor of each kind, as the list shows them. */
const listed = ["embed_tokens", "0.self_attn.q_proj", "0.self_attn.o_proj", "0.mlp.gate_proj", "0.mlp.down_proj", "model.norm", "lm_head"];

function open({ snapshot, summaries }: SampleFigures): string[] {
  const facts = `${snapshot.dtypes[0]?.dtype ?? ""} · ${size(fileBytes(snapshot))}`;
  let left = margin;
  const bar = snapshot.composition.map(({ part, parameters }) => {
    const share = (inner * parameters) / snapshot.parameters;
    left += share;
    return rect(left - share, 50, share, 8, colors[part]);
  });
  const rows = listed.flatMap((name, row) => {
    const index = snapshot.tensors.findIndex((tensor) => tensor.name.endsWith(`${name}.weight`));
    const tensor = snapshot.tensors[index]!;
    const y = 88 + 30 * row;
    return [
      line(margin, y + 11, width - margin, y + 11, colors.grid),
      text(margin, y, tensor.name, { mono: true }),
      text(width - margin - sparkWidth - 16, y, tensor.shape.join("×"), { anchor: "end", fill: colors.muted }),
      path(sparkPath(summaries[index]!.spark), {
        fill: colors.before,
        transform: `translate(${width - margin - sparkWidth} ${y + 8 - sparkHeight})`,
      }),
    ];
  });
  const title = text(margin, 34, snapshot.name, { size: 14, strong: true });
  return [title, text(width - margin, 34, facts, { anchor: "end", fill: colors.muted }), ...bar, ...rows];
}

/** Covers the values and the levels, the outermost of which may lie beyond them. */
function xOf({ before, levels = [] }: PreviewReport, { left, right }: Frame): Scale {
  return scale(Math.min(before.min, ...levels), Math.max(before.max, ...levels), left, right);
}

const heading = ({ tensor }: SampleFigures): string => text(margin, 32, tensor.name, { mono: true });

function histogram(figures: SampleFigures): string[] {
  const { tensor, minMax } = figures;
  const frame: Frame = { left: margin, right: width - margin, top: 74, base: 258 };
  const x = xOf(minMax, frame);
  const y = countScale(frame, largest(minMax.before.counts), false);
  const [mean, std] = [tensor.mean ?? 0, tensor.std ?? 0];
  const markers = [-1, 1].flatMap((side) => [
    line(x(mean + side * std), 62, x(mean + side * std), frame.base, colors.text, { "stroke-dasharray": "2 3" }),
    text(x(mean + side * std), 56, side < 0 ? "−σ" : "+σ", { anchor: "middle" }),
  ]);
  return [heading(figures), silhouette(minMax.before, x, y, frame.base), ...valueAxis(frame, x, ticks), ...markers];
}

/** Counts of the levels that values lie on. */
function levelsOf({ levels = [], after }: PreviewReport): { value: number; count: number }[] {
  const binWidth = (after.max - after.min) / after.counts.length;
  return levels.flatMap((value) => {
    const bin = Math.min(after.counts.length - 1, Math.max(0, Math.floor((value - after.min) / binWidth)));
    const count = after.counts[bin] ?? 0;
    return count > 0 ? [{ value, count }] : [];
  });
}

function quantize(figures: SampleFigures): string[] {
  const { minMax, tensor } = figures;
  const frame: Frame = { left: margin, right: width - margin, top: 62, base: 186 };
  const x = xOf(minMax, frame);
  const y = countScale(frame, largest([...minMax.before.counts, ...minMax.after.counts]), true);
  const below: Frame = { ...frame, top: 210, base: 262 };
  return [
    heading(figures),
    text(width - margin, 32, `${tensor.dtype} → INT4`, { anchor: "end", strong: true }),
    silhouette(minMax.before, x, y, frame.base),
    line(frame.left, frame.base, frame.right, frame.base, colors.axis),
    ...spikes(levelsOf(minMax), x, y, frame.base),
    errorArea(minMax, x, below),
    ...valueAxis(below, x, ticks),
    text(width - margin, below.top - 4, decibels(minMax), { anchor: "end" }),
  ];
}

/** The root mean squared error at each value, as far as there are enough values to tell. */
function errorArea({ binRmse, before }: PreviewReport, x: Scale, { top, base }: Frame): string {
  const leastCount = 30;
  const binWidth = (before.max - before.min) / before.counts.length;
  const points = binRmse.flatMap((rmse, bin) =>
    rmse === null || (before.counts[bin] ?? 0) < leastCount ? [] : [{ x: x(before.min + (bin + 0.5) * binWidth), rmse }],
  );
  const y = scale(0, largest(points.map(({ rmse }) => rmse)), base, top);
  const along = points.map((point) => `L${round(point.x)} ${round(y(point.rmse))}`).join("");
  const [first, last] = [points[0]?.x ?? 0, points.at(-1)?.x ?? 0];
  const line = path(`M${along.slice(1)}`, { stroke: colors.error, "stroke-width": 1.5 });
  return `${path(`M${round(first)} ${base}${along}L${round(last)} ${base}Z`, { fill: colors.error, "fill-opacity": "0.25" })}${line}`;
}

function range(figures: SampleFigures): string[] {
  const { minMax, clipped } = figures;
  const frame: Frame = { left: margin, right: width - margin, top: 56, base: 176 };
  const x = xOf(minMax, frame);
  const y = countScale(frame, largest(minMax.before.counts), true);
  const ends = [clipped.levels?.[0] ?? 0, clipped.levels?.at(-1) ?? 0];
  return [
    heading(figures),
    silhouette(minMax.before, x, y, frame.base),
    line(frame.left, frame.base, frame.right, frame.base, colors.axis),
    ...ends.map((end) => line(x(end), frame.top - 8, x(end), 250, colors.level, { "stroke-dasharray": "4 3", "stroke-width": 1.5 })),
    ...ruler(minMax, x, 204, colors.muted),
    ...ruler(clipped, x, 254, colors.level),
  ];
}

/** The levels of a range, and how well they do. */
function ruler(report: PreviewReport, x: Scale, y: number, stroke: string): string[] {
  const levels = report.levels ?? [];
  const marks = levels.map((level) => line(x(level), y - 6, x(level), y + 6, stroke, { "stroke-width": 1.5 }));
  const middle = width / 2;
  return [
    line(x(levels[0] ?? 0), y, x(levels.at(-1) ?? 0), y, stroke, { "stroke-width": 1.5 }),
    ...marks,
    text(middle, y + 22, decibels(report), { anchor: "middle" }),
  ];
}

/** Types that people choose between most. */
const named = ["Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K", "Q8_0"];

/** As the Types tab draws it: error against size, a step down at each type that no other beats in both. */
function types({ types: measured }: SampleFigures): string[] {
  const frame: Frame = { left: 64, right: width - margin, top: 38, base: 250 };
  const [leastBits, mostBits, leastError] = [1, 9, 0.003];
  const points = Object.entries(measured)
    .map(([label, { bitsPerWeight, relativeRmse }]) => ({ label, bitsPerWeight, error: relativeRmse ?? 0 }))
    .filter(({ bitsPerWeight, error }) => bitsPerWeight >= leastBits && bitsPerWeight <= mostBits && error >= leastError);
  const x = scale(leastBits, mostBits, frame.left, frame.right);
  const log = scale(Math.log(leastError), 0, frame.base, frame.top);
  const y: Scale = (error) => log(Math.log(error));
  const front = paretoFront(points);
  const [first, ...others] = front.map(({ bitsPerWeight, error }) => [round(x(bitsPerWeight)), round(y(error))] as const);
  const steps = others.map(([across, down]) => `H${across}V${down}`).join("");
  const dots = points.map((point) => {
    const isBest = front.includes(point);
    const place = { cx: x(point.bitsPerWeight), cy: y(point.error), r: isBest ? 4 : 3 };
    return element("circle", isBest ? { ...place, fill: colors.good } : { ...place, stroke: colors.muted });
  });
  return [
    ...[1, 0.1, 0.01].flatMap((error) => [
      line(frame.left, y(error), frame.right, y(error), colors.grid),
      text(frame.left - 8, y(error) + 4, `${error * 100} %`, { anchor: "end", fill: colors.muted }),
    ]),
    ...[2, 4, 6, 8].map((bits) => text(x(bits), frame.base + 18, String(bits), { anchor: "middle", fill: colors.muted })),
    line(frame.left, frame.base, frame.right, frame.base, colors.axis),
    text(margin, 24, "relative RMSE", { fill: colors.muted }),
    text(frame.right, frame.base + 36, "bits/weight", { anchor: "end", fill: colors.muted }),
    path(`M${first?.join(" ") ?? ""}${steps}H${round(frame.right)}`, { stroke: colors.good, "stroke-width": 1.5 }),
    ...dots,
    ...points
      .filter(({ label }) => named.includes(label))
      .map(({ label, bitsPerWeight, error }) => text(x(bitsPerWeight) - 6, y(error) + 14, label, { anchor: "end" })),
  ];
}

function write({ snapshot, written }: SampleFigures): string[] {
  const before = fileBytes(snapshot);
  const perByte = inner / before;
  const fills: readonly string[] = [colors.after, colors.level, colors.norms];
  let left = margin;
  const parts = written.types.map(({ bytes }, index) => {
    const share = bytes * perByte;
    left += share;
    return rect(left - share, 190, share, 40, fills[Math.min(index, fills.length - 1)]!);
  });
  let legend = margin;
  const legends = written.types.flatMap(({ type, bytes }, index) => {
    const label = `${type}  ${size(bytes)}`;
    const at = legend;
    legend += 150;
    return [rect(at, 246, 9, 9, fills[Math.min(index, fills.length - 1)]!), text(at + 16, 255, label, { fill: colors.muted })];
  });
  const middle = margin + (written.bytes * perByte) / 2;
  return [
    text(margin, 50, snapshot.name, { size: 14, strong: true }),
    text(width - margin, 50, size(before), { anchor: "end" }),
    rect(margin, 62, inner, 40, colors.before),
    text(margin + 12, 87, snapshot.dtypes[0]?.dtype ?? ""),
    path(`M${round(middle)} 112V146M${round(middle - 6)} 140l6 7l6 -7`, { stroke: colors.text, "stroke-width": 1.5 }),
    text(margin, 178, written.name, { size: 14, strong: true }),
    text(width - margin, 178, size(written.bytes), { anchor: "end" }),
    ...parts,
    ...legends,
  ];
}
