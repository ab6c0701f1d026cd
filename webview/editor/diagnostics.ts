import { html, nothing, type TemplateResult } from "lit";
import type { Diagnostic, Severity } from "../../src/core/errors";
import { count } from "../ui/format";
import { icon, type IconName } from "../ui/icons";
import { t } from "../ui/l10n";

const icons: Record<Severity, IconName> = { error: "error", warning: "warning", info: "info" };
const ranks: Record<Severity, number> = { error: 0, warning: 1, info: 2 };

function severityWord(severity: Severity): string {
  if (severity === "error") return t("Error");
  return severity === "warning" ? t("Warning") : t("Information");
}

/** The icon of a severity, with its word for those who do not see it. */
export function severityIcon(severity: Severity): TemplateResult {
  return html`<span class="sev-${severity}">${icon(icons[severity])}<span class="sr">${severityWord(severity)}</span></span>`;
}

/** Errors first, then warnings, then notes; each in the order in which they were found. */
export function bySeverity(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return [...diagnostics].sort((a, b) => ranks[a.severity] - ranks[b.severity]);
}

/** The worst severity of a list; undefined when it is empty. */
export function worst(diagnostics: readonly Diagnostic[]): Severity | undefined {
  return bySeverity(diagnostics)[0]?.severity;
}

/** What is known about a finding beside its sentence, as pairs of a name and a value. */
export function diagnosticFacts(diagnostic: Diagnostic): { name: string; value: string }[] {
  const facts: [string, string | undefined][] = [
    [t("Code"), diagnostic.code],
    [t("File"), diagnostic.file],
    [t("Tensor"), diagnostic.tensor],
    [t("Offset"), diagnostic.offset === undefined ? undefined : count(diagnostic.offset)],
    [t("Expected"), diagnostic.expected],
    [t("Found"), diagnostic.found],
  ];
  return facts.flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]));
}

/** A finding as plain text, for a bug report. */
export function diagnosticText(diagnostic: Diagnostic): string {
  const facts = diagnosticFacts(diagnostic).map(({ name, value }) => `${name}: ${value}`);
  return [diagnostic.message, ...facts, ...(diagnostic.hint === undefined ? [] : [diagnostic.hint])].join("\n");
}

/** One row of the list of findings: what, where, and what to do. */
export function diagnosticRow(diagnostic: Diagnostic, action: { label: string; run(): void } | undefined): TemplateResult {
  const facts = diagnosticFacts(diagnostic).filter(({ value }) => value !== diagnostic.code);
  return html`<li class="diag">
    ${severityIcon(diagnostic.severity)}
    <div>
      <p>${diagnostic.message}</p>
      ${diagnostic.hint === undefined ? nothing : html`<p class="hint">${diagnostic.hint}</p>`}
      <p class="hint xs">
        <code>${diagnostic.code}</code
        >${facts.map(({ name, value }) => html`<span class="diag-fact">${name}: <code>${value}</code></span>`)}
      </p>
    </div>
    ${action === undefined ? nothing : html`<button type="button" class="link" @click=${() => action.run()}>${action.label}</button>`}
  </li>`;
}
