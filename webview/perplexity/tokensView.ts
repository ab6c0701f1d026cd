import { html, type PropertyValues, type TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { perplexityProtocol, type TokenPage, type TokenView, type WorstToken } from "../../src/protocol/perplexity";
import { count, fixed } from "../ui/format";
import { icon } from "../ui/icons";
import { t } from "../ui/l10n";
import { styles } from "../ui/styles";
import { rowLabel } from "./curve";
import { PerplexityElement } from "./perplexityElement";

/** Tokens of a page of the text. */
const pageTokens = 512;
/** Tokens that an arrow up or down moves over. */
const lineTokens = 16;
/** Characters of the text before a token that its row shows. */
const shownContext = 28;
/** A change of the negative log-likelihood that is tinted fully, in nats, and that tint. Text stays readable on it. */
const fullChange = 1;
const fullTint = 45;

/**
 * The text itself, each token tinted by how much less or more likely it is than by the original, and its twin: those that lost most.
 * One tab stop; arrows move by token, Page Up and Page Down by page.
 */
@customElement("qs-tokens")
export class TokensView extends PerplexityElement {
  @query(".tokens") private readonly box!: HTMLElement | null;
  @state() private page: TokenPage | null = null;
  @state() private worst: readonly WorstToken[] = [];
  @state() private cursor = 0;
  private loaded = "";

  protected override updated(_: PropertyValues<this>): void {
    const { row, state: view } = this.store;
    // What is shown is asked for again as soon as it can be more.
    const key = row ? [row.id, row.figures?.windows ?? 0, row.figures?.nll ?? 0, view.start].join() : "";
    if (key === this.loaded) return;
    this.loaded = key;
    void this.load(key);
  }

  override render(): TemplateResult {
    const { store, page } = this;
    const { row } = store;
    if (!row || !page || page.tokens.length === 0) {
      return html`<section class="fig tokens-fig" aria-label=${t("Tokens")}>
        <div class="fig-head"><h2>${t("Tokens")}</h2></div>
        <p class="muted">${t("Each token of the text is shown here once a type is measured.")}</p>
      </section>`;
    }
    const label = rowLabel(row);
    return html`<section class="fig tokens-fig" aria-label=${t("Tokens")}>
        <div class="fig-head">
          <h2>${t("Tokens: {0} against the original", label)}</h2>
          <span class="grow"></span>
          ${this.renderPager(page)}
        </div>
        <p class="xs muted tokens-key">
          <span class="swatch lost"></span> ${t("less likely than by the original")}
          <span class="swatch won"></span> ${t("more likely; fully tinted from {0} nat", fixed(fullChange, 0))} ·
          <span class="context">${t("not scored")}</span>
        </p>
        <div
          class="tokens"
          role="listbox"
          tabindex="0"
          aria-label=${this.summary(page)}
          aria-activedescendant=${`token-${this.cursor}`}
          aria-keyshortcuts="ArrowLeft ArrowRight ArrowUp ArrowDown Home End PageUp PageDown"
          @keydown=${this.onKeyDown}
          @click=${this.onClick}
        >
          ${page.tokens.map((token, index) => this.renderToken(token, index))}
        </div>
        <p class="xs tokens-at">${this.textOf(page.tokens[this.cursor])}</p>
        <p class="xs muted">${this.summary(page)}</p>
      </section>
      ${this.renderWorst(label)}`;
  }

  private renderPager({ start, total, tokens }: TokenPage): TemplateResult {
    const go = (label: string, name: "chevronLeft" | "chevronRight", to: number, isOff: boolean): TemplateResult =>
      html`<button
        type="button"
        class="icon-btn"
        aria-label=${label}
        title=${label}
        aria-disabled=${isOff ? "true" : "false"}
        @click=${() => isOff || this.go(to)}
      >
        ${icon(name)}
      </button>`;
    return html`<span class="xs muted nowrap">${t("{0} to {1} of {2}", count(start + 1), count(start + tokens.length), count(total))}</span>
      ${go(t("Tokens before"), "chevronLeft", start - pageTokens, start === 0)}
      ${go(t("Tokens after"), "chevronRight", start + pageTokens, start + tokens.length >= total)}`;
  }

  private renderToken(token: TokenView, index: number): TemplateResult {
    const change = changeOf(token);
    const tint = change === undefined ? 0 : fullTint * Math.min(1, Math.abs(change) / fullChange);
    const kind = change === undefined ? "context" : change > 0 ? "lost" : "won";
    return html`<span
      role="option"
      id=${`token-${index}`}
      data-index=${index}
      class="${kind} ${index === this.cursor ? "active" : ""}"
      aria-selected=${index === this.cursor ? "true" : "false"}
      aria-label=${this.textOf(token)}
      ${styles({ "--qs-tint": `${tint.toFixed(1)}%`, "--qs-mark": `${((2 * tint) / fullTint).toFixed(1)}px` })}
      >${token.text === "" ? "·" : token.text}</span
    >`;
  }

  private renderWorst(label: string): TemplateResult {
    return html`<section class="fig">
      <div class="fig-head"><h2>${t("Tokens that lost most in {0}", label)}</h2></div>
      ${
        this.worst.length === 0
          ? html`<p class="muted">${t("No token is less likely than by the original.")}</p>`
          : html`<div class="table-scroll worst-tokens" tabindex="0" role="region" aria-label=${t("Tokens that lost most")}>
              <table class="grid">
                <thead>
                  <tr>
                    <th scope="col">${t("Token")}</th>
                    <th scope="col">${t("Text before it")}</th>
                    <th scope="col" class="num">${t("Original, nats")}</th>
                    <th scope="col" class="num">${t("{0}, nats", label)}</th>
                    <th scope="col" class="num">Δ</th>
                    <th scope="col" class="num" title=${t("KL divergence")}>${t("KL")}</th>
                  </tr>
                </thead>
                <tbody>
                  ${this.worst.map(
                    (token) =>
                      html`<tr>
                        <th scope="row">
                          <button type="button" class="link" title=${t("Show in the text")} @click=${() => this.show(token.position)}>
                            ${shown(token.text)}
                          </button>
                        </th>
                        <td class="muted before-token">…${token.context.slice(-shownContext)}</td>
                        <td class="num">${fixed(token.before, 2)}</td>
                        <td class="num">${fixed(token.after, 2)}</td>
                        <td class="num">+${fixed(token.after - token.before, 2)}</td>
                        <td class="num">${fixed(token.divergence, 3)}</td>
                      </tr>`,
                  )}
                </tbody>
              </table>
            </div>`
      }
    </section>`;
  }

  private summary({ scored, lost, meanLoss }: TokenPage): string {
    return t(
      "{0} scored tokens here: {1} became less than half as likely; on average {2} nats.",
      count(scored),
      count(lost),
      `${meanLoss > 0 ? "+" : ""}${fixed(meanLoss, 3)}`,
    );
  }

  private textOf(token: TokenView | undefined): string {
    if (!token) return "";
    const change = changeOf(token);
    if (change === undefined) return t("“{0}”: not scored", shown(token.text));
    return t(
      "“{0}”: {1} nats, original {2}, {3}",
      shown(token.text),
      fixed(token.after, 2),
      fixed(token.before, 2),
      `${change > 0 ? "+" : ""}${fixed(change, 2)}`,
    );
  }

  /** Answers to what is no longer wanted are dropped. */
  private async load(key: string): Promise<void> {
    const { store } = this;
    const { row } = store;
    if (!row?.figures) {
      this.page = null;
      this.worst = [];
      return;
    }
    const { start } = store.state;
    try {
      const [page, worst] = await Promise.all([
        store.host.request(perplexityProtocol.tokens, { row: row.id, start, count: pageTokens }),
        store.host.request(perplexityProtocol.worst, { row: row.id }),
      ]);
      if (this.loaded !== key) return;
      // A shorter text than before.
      if (page && start >= page.total && start > 0) return this.go(0);
      this.page = page;
      this.worst = worst;
      this.cursor = Math.min(this.cursor, Math.max(0, (page?.tokens.length ?? 0) - 1));
    } catch (error) {
      store.ask(Promise.reject(error as Error));
    }
  }

  private go(start: number, cursor = 0): void {
    this.cursor = cursor;
    this.store.set({ start: Math.max(0, start) });
  }

  private show(position: number): void {
    const start = position - (position % pageTokens);
    this.go(start, position - start);
    void this.updateComplete.then(() => {
      this.box?.focus();
      this.reveal();
    });
  }

  private reveal(): void {
    this.querySelector(`#token-${this.cursor}`)?.scrollIntoView({ block: "nearest" });
  }

  private readonly onClick = (event: Event): void => {
    const index = event.target instanceof HTMLElement ? Number(event.target.dataset.index ?? NaN) : NaN;
    if (Number.isInteger(index)) this.cursor = index;
  };

  private readonly onKeyDown = (event: KeyboardEvent): void => {
    const { page } = this;
    if (!page) return;
    const last = page.tokens.length - 1;
    const moves: Record<string, number> = {
      ArrowRight: this.cursor + 1,
      ArrowLeft: this.cursor - 1,
      ArrowDown: this.cursor + lineTokens,
      ArrowUp: this.cursor - lineTokens,
      Home: 0,
      End: last,
    };
    const next = moves[event.key];
    if (next !== undefined) {
      this.cursor = Math.min(last, Math.max(0, next));
      void this.updateComplete.then(() => this.reveal());
    } else if (event.key === "PageDown" && page.start + page.tokens.length < page.total) this.go(page.start + pageTokens);
    else if (event.key === "PageUp" && page.start > 0) this.go(page.start - pageTokens);
    else return;
    event.preventDefault();
  };
}

function changeOf({ before, after }: TokenView): number | undefined {
  return before === undefined || after === undefined ? undefined : after - before;
}

/** A token as it can be told: what is not seen is named. */
function shown(text: string): string {
  return text.replaceAll("\n", "↵").replaceAll("\t", "⇥") || nothingShown;
}

const nothingShown = "∅";
