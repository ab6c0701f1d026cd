import { html, nothing, type TemplateResult } from "lit";
import { textField } from "../../ui/controls";
import { count } from "../../ui/format";
import { icon } from "../../ui/icons";
import { t } from "../../ui/l10n";

export interface Pager {
  start: number;
  shown: number;
  total: number;
  pageSize: number;
  onGo(start: number): void;
  /** Present where one can jump to an index. */
  jumpLabel?: string;
}

/** Which part of a long list is shown, and how to get to the others. */
export function pager({ start, shown, total, pageSize, onGo, jumpLabel }: Pager): TemplateResult {
  const text =
    start === 0
      ? t("first {0} of {1}", count(shown), count(total))
      : t("{0} to {1} of {2}", count(start), count(start + shown - 1), count(total));
  const step = (to: number, name: "chevronLeft" | "chevronRight", label: string): TemplateResult =>
    html`<button
      type="button"
      class="icon-btn"
      aria-label=${label}
      title=${label}
      ?disabled=${to < 0 || to >= total}
      @click=${() => onGo(to)}
    >
      ${icon(name)}
    </button>`;
  return html`<div class="pager" role="group" aria-label=${t("Page")}>
    <span class="muted xs">${text}</span>
    ${step(start === 0 ? -1 : Math.max(0, start - pageSize), "chevronLeft", t("Previous page"))}
    ${step(start + pageSize, "chevronRight", t("Next page"))}
    ${
      jumpLabel === undefined || total <= pageSize
        ? nothing
        : textField({
            label: jumpLabel,
            placeholder: t("Go to index"),
            className: "jump",
            value: "",
            onKeyDown: (event, value) => {
              if (event.key !== "Enter" || !/^\d+$/.test(value.trim())) return;
              event.preventDefault();
              onGo(Math.min(total - 1, Number(value)));
            },
          })
    }
  </div>`;
}
