import { html, nothing, type TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import type { Diagnostic } from "../../src/core/errors";
import { count } from "../ui/format";
import { icon } from "../ui/icons";
import { t } from "../ui/l10n";
import { bySeverity, diagnosticRow, diagnosticText, severityIcon, worst } from "./diagnostics";
import { notFiniteFindings } from "./notFiniteFindings";
import { StoreElement } from "./storeElement";

/** Findings drawn at most; the copy has them all. */
const drawn = 200;

/** The button that says how many findings the checkpoint has, and the list it opens below itself. */
@customElement("qs-findings")
export class Findings extends StoreElement {
  @state() private isOpen = false;
  @query(".findings-button") private readonly button!: HTMLButtonElement;
  @query(".findings") private readonly popup!: HTMLElement;

  override render(): TemplateResult | typeof nothing {
    const { snapshot, summaries } = this.store;
    const findings = bySeverity(snapshot ? [...snapshot.warnings, ...notFiniteFindings(snapshot.tensors, summaries)] : []);
    const severity = worst(findings);
    if (severity === undefined) return nothing;
    const label = findings.length === 1 ? t("1 finding") : t("{0} findings", count(findings.length));
    return html`<button
        type="button"
        class="findings-button btn ghost"
        aria-haspopup="dialog"
        aria-expanded=${this.isOpen ? "true" : "false"}
        aria-label=${label}
        title=${label}
        @click=${() => (this.isOpen ? this.close() : this.open())}
      >
        ${severityIcon(severity)} ${count(findings.length)}
      </button>
      <div
        class="findings"
        role="dialog"
        aria-label=${t("Findings")}
        popover="auto"
        tabindex="-1"
        @toggle=${this.onToggle}
        @keydown=${this.onKeyDown}
      >
        ${this.isOpen ? this.renderList(findings) : nothing}
      </div>`;
  }

  private renderList(findings: readonly Diagnostic[]): TemplateResult {
    return html`<div class="findings-head">
        <h2>${t("Findings")}</h2>
        <span class="grow"></span>
        <button
          type="button"
          class="icon-btn"
          aria-label=${t("Copy all findings")}
          title=${t("Copy all findings")}
          @click=${() => this.store.copy(findings.map(diagnosticText).join("\n\n"))}
        >
          ${icon("copy")}
        </button>
        <button type="button" class="icon-btn" aria-label=${t("Close")} title=${t("Close")} @click=${() => this.close()}>
          ${icon("close")}
        </button>
      </div>
      <ul class="findings-list" tabindex="0" aria-label=${t("Findings")}>
        ${findings.slice(0, drawn).map((finding) => diagnosticRow(finding, this.actionFor(finding)))}
        ${findings.length > drawn ? html`<li class="diag"><span></span>${t("{0} more; copy them to see all.", count(findings.length - drawn))}</li>` : nothing}
      </ul>`;
  }

  private actionFor(finding: Diagnostic): { label: string; run(): void } | undefined {
    const index = this.store.snapshot?.tensors.findIndex((tensor) => tensor.name === finding.tensor) ?? -1;
    if (finding.tensor === undefined || index < 0) return undefined;
    return {
      label: t("Show tensor"),
      run: () => {
        this.close();
        this.store.reveal(index);
      },
    };
  }

  private open(): void {
    this.isOpen = true;
    void this.updateComplete.then(() => {
      this.popup.showPopover();
      const anchor = this.button.getBoundingClientRect();
      this.popup.style.setProperty("top", `${anchor.bottom + 4}px`);
      const right = Math.min(window.innerWidth - anchor.right, window.innerWidth - this.popup.offsetWidth - 8);
      this.popup.style.setProperty("right", `${Math.max(8, right)}px`);
      this.popup.querySelector<HTMLElement>(".findings-list")?.focus();
    });
  }

  private close(): void {
    this.popup.hidePopover();
    this.button.focus();
  }

  private readonly onToggle = (event: Event): void => {
    if ((event as ToggleEvent).newState === "closed") this.isOpen = false;
  };

  private readonly onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    this.close();
  };
}
