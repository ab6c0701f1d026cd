import { readFileSync } from "node:fs";
import path from "node:path";

/** VS Code's four built-in themes, each with the kind that it sets on the body. */
export const themeKinds = {
  "dark-modern": "vscode-dark",
  "light-modern": "vscode-light",
  "hc-black": "vscode-high-contrast",
  "hc-light": "vscode-high-contrast-light",
} as const;

export type ThemeName = keyof typeof themeKinds;
export const themeNames = Object.keys(themeKinds) as ThemeName[];

/** What VS Code sets on a page for a theme. */
export interface Theme {
  kind: string;
  classes: string[];
  /** CSS variables of the root element. */
  variables: [name: string, value: string][];
}

export function readTheme(name: ThemeName): Theme {
  const css = readFileSync(path.join(__dirname, "..", "..", "fixtures", "themes", `theme-${name}.css`), "utf8");
  const variables = [...css.matchAll(/^\s*(--vscode-[\w-]+):\s*([^;]+);/gm)].map((match): [string, string] => [match[1]!, match[2]!]);
  const kind = themeKinds[name];
  return { kind, classes: kind === "vscode-high-contrast-light" ? [kind, "vscode-high-contrast"] : [kind], variables };
}

/** Runs in the page: sets a theme as VS Code does, on a page that may have another one. */
export function applyTheme({ kind, classes, variables }: Theme): void {
  const root = document.documentElement;
  for (const name of [...root.style].filter((property) => property.startsWith("--vscode-"))) root.style.removeProperty(name);
  for (const [name, value] of variables) root.style.setProperty(name, value);
  document.body.dataset.vscodeThemeKind = kind;
  document.body.className = classes.join(" ");
}
