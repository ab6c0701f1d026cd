/** VS Code's themes in the four kinds: name, name in the pictures, and the kind that a page is told. */
export const themes = [
  ["Dark Modern", "dark", "vscode-dark"],
  ["Light Modern", "light", "vscode-light"],
  ["Dark High Contrast", "hc-black", "vscode-high-contrast"],
  ["Light High Contrast", "hc-light", "vscode-high-contrast-light"],
] as const;
