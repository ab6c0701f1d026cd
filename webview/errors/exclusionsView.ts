import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { errorsProtocol, type Exclusion, type Exclusions } from "../../src/protocol/errors";
import { button } from "../ui/controls";
import { bytes, percent } from "../ui/format";
import { t } from "../ui/l10n";
import { ErrorsElement } from "./errorsElement";
import { shortName } from "./rows";

/** Rows of the ranking that are shown. */
const shownRows = 12;

/** Which tensors to keep in more bits: those whose error weighs most for the bytes that keeping them takes. */
@customElement("qs-exclusions")
export class ExclusionsView extends ErrorsElement {
  @state() private found: Exclusions | null | undefined;
  private asked = "";

  protected override willUpdate(): void {
    const { type, run } = this.store;
    // Only what is measured on all values ranks tensors.
    const key = type && run.kind !== "running" ? `${type.type}:${type.isSampled}:${type.total?.rmse ?? ""}` : "";
    if (key === this.asked) return;
    this.asked = key;
    if (key === "") this.found = undefined;
    else void this.ask(type!.type, key);
  }

  private async ask(type: string, key: string): Promise<void> {
    const found = await this.store.host.request(errorsProtocol.exclusions, { type }).catch(() => null);
    if (key === this.asked) this.found = found;
  }

  override render(): TemplateResult | typeof nothing {
    const { found, store } = this;
    if (!found || found.ranking.length === 0) return nothing;
    const suggested = found.ranking.slice(0, found.suggested);
    const last = suggested.at(-1);
    return html`<section class="fig exclusions" aria-label=${t("Sensitivity")}>
      <div class="fig-head">
        <h2>${t("What to keep in {0}", found.keptAs)}</h2>
        <span class="grow"></span>
        ${
          suggested.length > 0
            ? button({
                label: t("Quantize with {0} kept…", String(suggested.length)),
                onClick: () =>
                  store.ask(store.host.request(errorsProtocol.quantize, { type: found.type, keep: suggested.map(({ tensor }) => tensor) })),
              })
            : nothing
        }
      </div>
      <p class="sm">
        ${
          last
            ? t(
                "Keeping the first {0} in {1} takes {2} more and lowers the pooled error from {3} to {4} of the RMS.",
                String(suggested.length),
                found.keptAs,
                bytes(last.bytes),
                percent(found.relativeRmse),
                percent(last.relativeRmse),
              )
            : t("No tensor stands out: keeping any of them in {0} takes more than five percent of the bytes.", found.keptAs)
        }
      </p>
      <div class="table-scroll" tabindex="0" role="region" aria-label=${t("Tensors by what keeping them gives")}>
        <table class="grid">
          <thead>
            <tr>
              <th scope="col">${t("Tensor")}</th>
              <th scope="col" class="num">${t("Share of the error")}</th>
              <th scope="col" class="num">${t("Share of the weights")}</th>
              <th scope="col" class="num">${t("Bytes so far")}</th>
              <th scope="col" class="num">${t("Error then")}</th>
            </tr>
          </thead>
          <tbody>
            ${found.ranking.slice(0, shownRows).map(
              (entry, place) =>
                html`<tr class=${place < found.suggested ? "suggested" : ""}>
                  ${this.renderName(entry)}
                  <td class="num">${percent(entry.errorShare)}</td>
                  <td class="num">${percent(entry.weightShare)}</td>
                  <td class="num">+${bytes(entry.bytes)}</td>
                  <td class="num">${percent(entry.relativeRmse)}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </section>`;
  }

  private renderName({ tensor }: Exclusion): TemplateResult | typeof nothing {
    const row = this.store.tensors[tensor];
    if (!row) return nothing;
    const { head, tail } = shortName(row);
    return html`<th scope="row" title=${row.name}>${head}<b>${tail}</b></th>`;
  }
}
