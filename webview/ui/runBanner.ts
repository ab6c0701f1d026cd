import { html, nothing, type TemplateResult } from "lit";
import { button } from "./controls";
import { t } from "./l10n";
import { runProgress, type RunProgressOptions, type RunShare } from "./runProgress";

/** What a page knows of the run behind its figures. */
type ShownRun =
  { kind: "none" } | ({ kind: "running" } & RunShare) | { kind: "cancelled" } | { kind: "done" } | { kind: "failed"; message: string };

interface RunBannerOptions extends Pick<RunProgressOptions, "label" | "cancel"> {
  /** Begins again, or goes on. */
  start(): void;
  /** The line under the bar, for a percentage. */
  text?(share: string): string;
  failed?(message: string): string;
  cancelled?: string;
  /** The button after it was cancelled. */
  goOn?: string;
}

/** What is said of a run above the figures: how far it is, or why it ended early, with a way on. Unless told otherwise, it measures. */
export function runBanner(
  run: ShownRun,
  {
    label,
    start,
    cancel,
    text = (share) => t("Measuring: {0}", share),
    failed = (message) => t("Measuring failed: {0}", message),
    cancelled = t("Cancelled. What was measured is kept."),
    goOn = t("Continue"),
  }: RunBannerOptions,
): TemplateResult | typeof nothing {
  if (run.kind === "failed")
    return html`<p class="banner" role="alert">${failed(run.message)} ${button({ label: t("Try again"), onClick: start })}</p>`;
  if (run.kind === "cancelled") return html`<p class="banner">${cancelled} ${button({ label: goOn, onClick: start })}</p>`;
  return run.kind === "running" ? runProgress(run, { className: "page-progress", label, text, cancel }) : nothing;
}
