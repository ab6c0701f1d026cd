import { svg, html, type TemplateResult } from "lit";

/** 16 px line drawings in the manner of VS Code's icons; they take the colour of the text around them. */
const drawings = {
  check: svg`<path d="M3.5 8.5l3 3 6-7"/>`,
  chevronDown: svg`<path d="M4 6l4 4 4-4"/>`,
  chevronLeft: svg`<path d="M10 4L6 8l4 4"/>`,
  chevronRight: svg`<path d="M6 4l4 4-4 4"/>`,
  close: svg`<path d="M4 4l8 8M12 4l-8 8"/>`,
  columns: svg`<rect x="2" y="3" width="12" height="10" rx="1"/><path d="M6 3v10M10 3v10"/>`,
  copy: svg`<rect x="5.5" y="5.5" width="8" height="8" rx="1"/><path d="M10.5 5.5v-3h-8v8h3"/>`,
  ellipsis: svg`<path d="M3.5 8h.1M8 8h.1M12.4 8h.1" stroke-width="1.8"/>`,
  error: svg`<circle cx="8" cy="8" r="6"/><path d="M5.8 5.8l4.4 4.4M10.2 5.8l-4.4 4.4"/>`,
  export: svg`<path d="M8 10V2.5M5 5.2L8 2.3l3 2.9M2.5 9.5v4h11v-4"/>`,
  info: svg`<circle cx="8" cy="8" r="6"/><path d="M8 7v4M8 4.8v.2"/>`,
  pause: svg`<path d="M5.5 3.5v9M10.5 3.5v9" stroke-width="2"/>`,
  refresh: svg`<path d="M3 8a5 5 0 105-5H4.5M6.5 1L4.2 3l2.3 2"/>`,
  scan: svg`<path d="M5 3.5l7.5 4.5L5 12.5z"/>`,
  search: svg`<circle cx="7" cy="7" r="4"/><path d="M10 10l4 4"/>`,
  sortDown: svg`<path d="M8 3.5v9M4.5 9L8 12.5 11.5 9"/>`,
  sortUp: svg`<path d="M8 12.5v-9M4.5 7L8 3.5 11.5 7"/>`,
  stop: svg`<rect x="4" y="4" width="8" height="8" rx="1"/>`,
  table: svg`<rect x="2" y="3" width="12" height="10" rx="1"/><path d="M2 6.3h12M2 9.6h12M6.5 6.3V13"/>`,
  warning: svg`<path d="M8 2.5L14.5 13.5h-13z"/><path d="M8 6.5v3.5M8 11.6v.2"/>`,
} as const;

export type IconName = keyof typeof drawings;

/** A decorative icon: whatever holds it needs a name of its own. `slot` puts it into a slot of a toolkit control. */
export function icon(name: IconName, slot?: string): TemplateResult {
  return slot === undefined
    ? html`<svg class="i" viewBox="0 0 16 16" aria-hidden="true">${drawings[name]}</svg>`
    : html`<svg class="i" slot=${slot} viewBox="0 0 16 16" aria-hidden="true">${drawings[name]}</svg>`;
}
