import { html, type TemplateResult } from "lit";
import { t } from "../ui/l10n";

/** In place of a figure where nothing can be divided into steps, such as a matrix of zeros. */
export function noRange(): TemplateResult {
  return html`<p>${t("All weights of this tensor are the same: there is no range to divide. Choose another tensor.")}</p>`;
}
