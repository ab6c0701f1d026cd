import { html, type TemplateResult } from "lit";

export interface SegmentedOptions<T extends string | number> {
  label: string;
  value: T;
  options: readonly { value: T; label: string; title?: string }[];
  onSelect(value: T): void;
}

/** Two to eight short choices side by side: one tab stop, arrow keys move and choose. */
export function segmented<T extends string | number>(control: SegmentedOptions<T>): TemplateResult {
  const { options, value } = control;
  const chosen = Math.max(
    0,
    options.findIndex((option) => option.value === value),
  );
  const move = (event: KeyboardEvent): void => {
    const next = target(event.key, chosen, options.length);
    if (next === undefined || next === chosen) return;
    event.preventDefault();
    control.onSelect(options[next]!.value);
    const item = (event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>("[role=radio]")[next];
    item?.focus();
  };
  return html`<span class="seg" role="radiogroup" aria-label=${control.label} @keydown=${move}>
    ${options.map(
      (option, index) =>
        html`<span
          role="radio"
          title=${option.title ?? ""}
          aria-checked=${option.value === value ? "true" : "false"}
          tabindex=${index === chosen ? 0 : -1}
          @click=${() => option.value !== value && control.onSelect(option.value)}
          >${option.label}</span
        >`,
    )}
  </span>`;
}

function target(key: string, chosen: number, length: number): number | undefined {
  if (key === "ArrowRight" || key === "ArrowDown") return (chosen + 1) % length;
  if (key === "ArrowLeft" || key === "ArrowUp") return (chosen + length - 1) % length;
  if (key === "Home") return 0;
  if (key === "End") return length - 1;
  return undefined;
}
