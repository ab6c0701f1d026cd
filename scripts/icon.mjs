// Draws media/icon.png, 256×256: the histogram of a tensor before quantization (filled) and after it (outline). A normal distribution,
// stepped as the editor draws it; quantized values fall on few levels, so the outline has half as many, wider steps.
//
//   node scripts/icon.mjs      the picture is in the repository: run it after a change here
import { writeFileSync } from "node:fs";
import { at } from "./lib/paths.mjs";
import { encodePng } from "./lib/png.mjs";

const size = 256;
/** Samples a pixel in each direction, for smooth edges. */
const samples = 6;

const corner = 52;
const background = { top: [56, 60, 71], bottom: [35, 38, 46] };
const before = [134, 140, 152];
const after = [77, 166, 255];
const axis = [201, 206, 214];

/** Lines lie on a grid of 8, so that they are whole pixels also at 32 × 32, the smallest size the picture is shown in. */
const line = 8;
/** An odd number of levels, so that one of them is the peak; each is two bins wide. */
const levels = 9;
const levelWidth = 3 * line;
const gap = 2;
const plot = { left: 20, right: 20 + levels * levelWidth, top: 52, base: 200 };

/** Height of the bell over `u` in 0…1, as a share of the plot. */
const bell = (u) => Math.exp(-0.5 * ((u - 0.5) / 0.2) ** 2);

/** Top of the step that covers `x` when the plot has `steps` of them; the axis outside. */
function stepTop(x, steps) {
  if (x < plot.left || x >= plot.right) return plot.base;
  const step = Math.floor(((x - plot.left) / (plot.right - plot.left)) * steps);
  return plot.base - (plot.base - plot.top) * bell((step + 0.5) / steps);
}

/** The nearest height at which a horizontal line covers whole cells of the grid. */
const onGrid = (y) => Math.round(y / line - 0.5) * line + line / 2;

/** The outline of the quantized distribution: a rise or fall at each border of a level, and the level after it. */
const outline = Array.from({ length: levels + 1 }, (_, level) => {
  const x = plot.left + level * levelWidth;
  const one = onGrid(stepTop(x - levelWidth / 2, levels));
  const other = onGrid(stepTop(x + levelWidth / 2, levels));
  const rise = { left: x, right: x, top: Math.min(one, other), bottom: Math.max(one, other) };
  return level === levels ? [rise] : [rise, { left: x, right: x + levelWidth, top: other, bottom: other }];
}).flat();

/** Whether a point is on the outline. The distance is Chebyshev's, so that its corners are square. */
function onOutline(x, y) {
  const near = ({ left, right, top, bottom }) => Math.max(left - x, x - right, top - y, y - bottom) <= line / 2;
  return y < plot.base && outline.some(near);
}

/** Whether a point lies in the rounded square. */
function inside(x, y) {
  const dx = Math.max(corner - x, 0, x - (size - corner));
  const dy = Math.max(corner - y, 0, y - (size - corner));
  return Math.hypot(dx, dy) <= corner;
}

/** Colour of a point, or undefined outside the rounded square. */
function colorAt(x, y) {
  if (!inside(x, y)) return undefined;
  if (onOutline(x, y)) return after;
  if (y >= plot.base && y < plot.base + line && x >= plot.left - line / 2 && x < plot.right + line / 2) return axis;
  const place = (x - plot.left) % (levelWidth / 2);
  const isBar = place >= gap / 2 && place < levelWidth / 2 - gap / 2;
  if (isBar && y >= stepTop(x, 2 * levels) && y < plot.base) return before;
  return background.top.map((channel, index) => channel + ((background.bottom[index] ?? 0) - channel) * (y / size));
}

const pixels = new Uint8Array(size * size * 4);
for (let row = 0; row < size; row++) {
  for (let column = 0; column < size; column++) {
    let sum = [0, 0, 0];
    let covered = 0;
    for (let sample = 0; sample < samples * samples; sample++) {
      const x = column + ((sample % samples) + 0.5) / samples;
      const y = row + (Math.floor(sample / samples) + 0.5) / samples;
      const color = colorAt(x, y);
      if (!color) continue;
      covered++;
      sum = sum.map((value, channel) => value + (color[channel] ?? 0));
    }
    const alpha = (covered / (samples * samples)) * 255;
    pixels.set([...sum.map((channel) => (covered ? channel / covered : 0)), alpha].map(Math.round), (row * size + column) * 4);
  }
}
writeFileSync(at("media/icon.png"), encodePng(size, size, pixels));
