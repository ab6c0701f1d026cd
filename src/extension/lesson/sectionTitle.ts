import * as vscode from "vscode";
import type { SectionId } from "../../core/lesson/sections";

/** The short name of a section, as lists have it. */
export function sectionTitle(section: SectionId): string {
  switch (section) {
    case "why":
      return vscode.l10n.t("Why it matters");
    case "mechanics":
      return vscode.l10n.t("The mechanics");
    case "numberLine":
      return vscode.l10n.t("Number line");
    case "distribution":
      return vscode.l10n.t("Before and after");
    case "impact":
      return vscode.l10n.t("Real impact");
    case "beyond":
      return vscode.l10n.t("GPTQ and AWQ");
    case "calibration":
      return vscode.l10n.t("Calibration");
    case "further":
      return vscode.l10n.t("Going further");
    case "takeaways":
      return vscode.l10n.t("Takeaways");
    case "certificate":
      return vscode.l10n.t("Certificate");
  }
}
