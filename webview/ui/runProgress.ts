import { html, type TemplateResult } from "lit";
import { duration, percent } from "./format";
import { t } from "./l10n";
import { styles } from "./styles";

/** How far a job behind a page is. */
export interface RunShare {
  doneBytes: number;
  totalBytes: number;
  elapsedMs: number;
}

export interface RunProgressOptions {
  /** Class of the element around it. */
  className: string;
  /** For assistive technology. */
  label: string;
  /** The line under the bar, for a percentage. */
  text(share: string): string;
  cancel(): void;
}

/** A bar that fills by bytes, how long is left once that is no guess, and a way to cancel. */
export function runProgress(run: RunShare, { className, label, text, cancel }: RunProgressOptions): TemplateResult {
  const share = run.totalBytes > 0 ? run.doneBytes / run.totalBytes : 0;
  const left = share > 0.02 ? t("{0} left", duration((run.elapsedMs / share) * (1 - share))) : "";
  return html`<div class=${className}>
    <div class="bar" role="progressbar" aria-label=${label} aria-valuemin="0" aria-valuemax="100" aria-valuenow=${Math.round(share * 100)}>
      <i ${styles({ width: `${share * 100}%` })}></i>
    </div>
    <p class="xs muted">
      ${text(percent(share))} ${left}
      <button type="button" class="link" @click=${cancel}>${t("Cancel")}</button>
    </p>
  </div>`;
}
