import { html, type TemplateResult } from "lit";

export interface TabOptions<T extends string> {
  label: string;
  selected: T;
  tabs: readonly { id: T; label: string }[];
  onSelect(id: T): void;
}

/** The tab strip over a panel: one tab stop, arrow keys move and show. The panel is `#panel-<id>`. */
export function tabStrip<T extends string>(strip: TabOptions<T>): TemplateResult {
  const move = (event: KeyboardEvent): void => {
    const index = strip.tabs.findIndex((tab) => tab.id === strip.selected);
    const last = strip.tabs.length - 1;
    const keys: Record<string, number> = {
      ArrowRight: index === last ? 0 : index + 1,
      ArrowLeft: index === 0 ? last : index - 1,
      Home: 0,
      End: last,
    };
    const next = keys[event.key];
    const tab = next === undefined ? undefined : strip.tabs[next];
    if (next === undefined || !tab) return;
    event.preventDefault();
    strip.onSelect(tab.id);
    (event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>("[role=tab]")[next]?.focus();
  };
  return html`<div class="tabs" role="tablist" aria-label=${strip.label} @keydown=${move}>
    ${strip.tabs.map((tab) => {
      const selected = tab.id === strip.selected;
      return html`<button
        type="button"
        role="tab"
        id="tab-${tab.id}"
        aria-selected=${selected ? "true" : "false"}
        aria-controls="panel-${strip.selected}"
        tabindex=${selected ? 0 : -1}
        @click=${() => strip.onSelect(tab.id)}
      >
        ${tab.label}
      </button>`;
    })}
  </div>`;
}
