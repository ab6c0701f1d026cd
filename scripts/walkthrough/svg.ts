/** Pixels of a picture; VS Code shows it at most 530 wide. */
export const width = 520;
export const height = 300;

/**
 * Colours by role, from VS Code's theme. Attributes only: the page that shows the pictures allows no styles. The roles and their
 * colours are those of webview/ui/tokens.css, as far as one value serves all four kinds of theme.
 */
export const colors = {
  text: "var(--vscode-foreground)",
  muted: "var(--vscode-descriptionForeground)",
  card: "var(--vscode-editorWidget-background, var(--vscode-editor-background))",
  line: "var(--vscode-contrastBorder, var(--vscode-widget-border, var(--vscode-panel-border)))",
  axis: "color-mix(in srgb, var(--vscode-foreground) 45%, transparent)",
  grid: "color-mix(in srgb, var(--vscode-foreground) 14%, transparent)",
  before: "color-mix(in srgb, var(--vscode-foreground) 32%, var(--vscode-editor-background))",
  after: "var(--vscode-charts-blue)",
  level: "var(--vscode-charts-purple)",
  error: "var(--vscode-editorWarning-foreground)",
  good: "var(--vscode-charts-green)",
  embeddings: "var(--vscode-charts-green)",
  attention: "var(--vscode-charts-blue)",
  mlp: "var(--vscode-charts-purple)",
  output: "var(--vscode-charts-yellow)",
  norms: "color-mix(in srgb, var(--vscode-foreground) 55%, transparent)",
  other: "color-mix(in srgb, var(--vscode-foreground) 55%, transparent)",
} as const;

type Attributes = Record<string, string | number | undefined>;

/** Tenths of a pixel are enough. */
export const round = (value: number): number => Math.round(value * 10) / 10;

const escaped = (value: string): string => value.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

export function element(name: string, attributes: Attributes, content = ""): string {
  const written = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : `${key}="${typeof value === "number" ? round(value) : escaped(value)}"`,
  );
  return `<${[name, ...written].join(" ")}${content ? `>${content}</${name}>` : "/>"}`;
}

export interface TextOptions {
  anchor?: "start" | "middle" | "end";
  fill?: string;
  size?: number;
  strong?: boolean;
  /** In the editor's font, as names from files are. */
  mono?: boolean;
}

export function text(
  x: number,
  y: number,
  content: string,
  { anchor, fill = colors.text, size = 12, strong, mono }: TextOptions = {},
): string {
  const family = mono ? "var(--vscode-editor-font-family, monospace)" : "var(--vscode-font-family, sans-serif)";
  const attributes = {
    x,
    y,
    "font-family": family,
    "font-size": size,
    "font-weight": strong ? 600 : undefined,
    "text-anchor": anchor,
    fill,
  };
  return element("text", attributes, escaped(content));
}

export function rect(x: number, y: number, w: number, h: number, fill: string, more: Attributes = {}): string {
  return element("rect", { x, y, width: w, height: h, fill, ...more });
}

export function line(x1: number, y1: number, x2: number, y2: number, stroke: string, more: Attributes = {}): string {
  return element("line", { x1, y1, x2, y2, stroke, ...more });
}

export function path(d: string, more: Attributes): string {
  return element("path", { d, ...more });
}

/** A whole picture: a card with what is drawn on it. */
export function picture(parts: readonly string[]): string {
  const card = rect(0.5, 0.5, width - 1, height - 1, colors.card, { stroke: colors.line, rx: 6 });
  const size = { width, height, viewBox: `0 0 ${width} ${height}`, fill: "none", xmlns: "http://www.w3.org/2000/svg" };
  return `${element("svg", size, ["", card, ...parts, ""].join("\n"))}\n`;
}
