/** What colours stand for; each is a `--qs-*` token. Canvases ask for these and never for a hue. */
const roles = {
  background: "--qs-bg",
  foreground: "--qs-fg",
  strong: "--qs-fg-strong",
  muted: "--qs-fg-muted",
  grid: "--qs-c-grid",
  axis: "--qs-c-axis",
  before: "--qs-c-before",
  after: "--qs-c-after",
  level: "--qs-c-level",
  error: "--qs-c-error",
  good: "--qs-c-good",
  positive: "--qs-c-pos",
  negative: "--qs-c-neg",
  focus: "--qs-focus",
} as const;

export type ColorRole = keyof typeof roles;
/** Red, green, blue 0 to 255, opacity 0 to 1. */
export type Rgba = readonly [number, number, number, number];

/** The theme's colours and fonts, resolved to what a canvas can draw with. */
export interface CanvasTheme {
  readonly highContrast: boolean;
  readonly font: string;
  css(role: ColorRole, opacity?: number): string;
  rgba(role: ColorRole): Rgba;
}

/** The four kinds that VS Code names in `data-vscode-theme-kind`. */
function isHighContrast(): boolean {
  return document.body.dataset.vscodeThemeKind?.startsWith("vscode-high-contrast") ?? false;
}

const probe = document.createElement("span");
const pixel = document.createElement("canvas");
pixel.width = pixel.height = 1;

/** Canvases know neither `var()` nor `color-mix()`: the style engine resolves them on a hidden element, a pixel gives numbers. */
function resolve(token: string): Rgba {
  probe.style.setProperty("color", `var(${token})`);
  const context = pixel.getContext("2d", { willReadFrequently: true });
  if (!context) return [128, 128, 128, 1];
  context.clearRect(0, 0, 1, 1);
  context.fillStyle = getComputedStyle(probe).color;
  context.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0, alpha = 255] = context.getImageData(0, 0, 1, 1).data;
  return [red, green, blue, alpha / 255];
}

/** Reads the current theme. Colours are valid until the next theme change. */
export function readTheme(): CanvasTheme {
  probe.hidden = true;
  document.body.append(probe);
  const colors = new Map<string, Rgba>(Object.entries(roles).map(([role, token]) => [role, resolve(token)]));
  probe.remove();
  const rgba = (role: ColorRole): Rgba => colors.get(role) ?? [128, 128, 128, 1];
  return {
    highContrast: isHighContrast(),
    font: getComputedStyle(document.body).fontFamily,
    rgba,
    css(role, opacity = 1) {
      const [red, green, blue, alpha] = rgba(role);
      return `rgba(${red}, ${green}, ${blue}, ${alpha * opacity})`;
    },
  };
}

/** Calls `changed` after every change of theme; VS Code swaps variables on the root and classes on the body. Returns how to stop. */
export function observeTheme(changed: () => void): () => void {
  let pending = 0;
  const observer = new MutationObserver(() => {
    // Both mutations of one change, and the style recalculation they cause, are waited for.
    cancelAnimationFrame(pending);
    pending = requestAnimationFrame(changed);
  });
  observer.observe(document.body, { attributes: true, attributeFilter: ["class", "data-vscode-theme-kind", "data-vscode-theme-id"] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ["style", "class"] });
  return () => {
    cancelAnimationFrame(pending);
    observer.disconnect();
  };
}
