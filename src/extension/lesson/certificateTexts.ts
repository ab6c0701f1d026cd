import * as vscode from "vscode";
import type { CertificateTexts } from "../../core/lesson/certificate";
import type { QuizScore } from "../../core/lesson/quiz/results";

/** The words of a certificate: what the reader did, and that nobody has verified it. @param completedAt ISO 8601 */
export function certificateTexts(name: string, { right, atFirst, of }: QuizScore, completedAt: string): CertificateTexts {
  const locale = vscode.env.language;
  return {
    locale,
    lead: vscode.l10n.t("This records that"),
    name,
    statement: vscode.l10n.t("worked through the lesson “Quantization, on real weights” and answered {0} of {1} checks.", right, of),
    tiles: [
      { label: vscode.l10n.t("Checks right"), value: vscode.l10n.t("{0} of {1}", right, of) },
      { label: vscode.l10n.t("At the first try"), value: String(atFirst) },
      { label: vscode.l10n.t("Completed"), value: new Intl.DateTimeFormat(locale, { dateStyle: "long" }).format(new Date(completedAt)) },
    ],
    note: vscode.l10n.t("It certifies this and nothing more: it is not an examination, and nobody has verified it."),
  };
}
