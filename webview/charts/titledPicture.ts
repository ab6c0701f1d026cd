import type { CanvasTheme, ColorRole } from "../ui/theme";

/** A line of the chart that its picture explains. */
interface KeyLine {
  readonly label: string;
  readonly role: ColorRole;
  /** Lengths of dashes and gaps in pixels. */
  readonly dash?: readonly number[];
}

/** Pixels of the page: the title, a line of the key, and the piece of a line in it. */
const [headHeight, keyHeight, swatchWidth, margin] = [28, 18, 22, 8];

/** Drawn charts, one below the other, under a title and above a key to their lines, as a PNG data URL. */
export function titledPicture(
  title: string,
  theme: CanvasTheme,
  charts: readonly HTMLCanvasElement[],
  key: readonly KeyLine[] = [],
): string {
  const ratio = window.devicePixelRatio || 1;
  const picture = document.createElement("canvas");
  const head = Math.round(headHeight * ratio);
  picture.width = Math.max(...charts.map(({ width }) => width));
  picture.height = head + charts.reduce((sum, { height }) => sum + height, 0) + Math.round(key.length * keyHeight * ratio);
  const context = picture.getContext("2d");
  if (!context) return picture.toDataURL("image/png");
  context.fillStyle = theme.css("background");
  context.fillRect(0, 0, picture.width, picture.height);
  context.fillStyle = theme.css("strong");
  context.font = `600 ${13 * ratio}px ${theme.font}`;
  context.fillText(title, margin * ratio, 18 * ratio, picture.width - 2 * margin * ratio);
  let top = head;
  for (const chart of charts) {
    context.drawImage(chart, 0, top);
    top += chart.height;
  }
  context.font = `${11 * ratio}px ${theme.font}`;
  context.textBaseline = "middle";
  for (const { label, role, dash = [] } of key) {
    const y = top + (keyHeight * ratio) / 2;
    context.strokeStyle = theme.css(role);
    context.lineWidth = 1.75 * ratio;
    context.setLineDash(dash.map((length) => length * ratio));
    context.beginPath();
    context.moveTo(margin * ratio, y);
    context.lineTo((margin + swatchWidth) * ratio, y);
    context.stroke();
    context.fillStyle = theme.css("foreground");
    context.fillText(label, (2 * margin + swatchWidth) * ratio, y);
    top += keyHeight * ratio;
  }
  return picture.toDataURL("image/png");
}
