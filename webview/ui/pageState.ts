import { html, type TemplateResult } from "lit";
import { t } from "./l10n";

/** What a page about a checkpoint shows while it has nothing else: why it cannot, or that it waits. Undefined once it has. */
export function pageState(
  { failure, isReady }: { failure?: { message: string } | undefined; isReady: boolean },
  className: string,
): TemplateResult | undefined {
  if (failure) {
    return html`<main class=${className}>
      <div class="state" role="alert">
        <h2>${t("The checkpoint cannot be read")}</h2>
        <p>${failure.message}</p>
      </div>
    </main>`;
  }
  if (isReady) return undefined;
  return html`<main class="${className} loading" aria-busy="true">
    <div class="bar"><i></i></div>
  </main>`;
}
