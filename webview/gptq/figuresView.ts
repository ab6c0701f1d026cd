import { html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import type { SettingErrors } from "../../src/core/gptq/comparedSetting";
import { gptqProtocol } from "../../src/protocol/gptq";
import { drawLines } from "../charts/linesView";
import { count, significant } from "../ui/format";
import { t } from "../ui/l10n";
import { savePngButton } from "../ui/savePngButton";
import { segmented } from "../ui/segmented";
import { tableToggle } from "../ui/tableToggle";
import { columnLines, columnSentence } from "./columnLines";
import { GptqElement } from "./gptqElement";
import { sweepFigures, sweepLines, sweepSentence } from "./sweepLines";
import { chosenSentence, weightSentence } from "./words";

/** Everything that is measured of the chosen layer. */
@customElement("qs-gptq-figures")
export class GptqFiguresView extends GptqElement {
  override render(): TemplateResult {
    const { store } = this;
    return html`<div class="gptq-head">
        <h2 class="mono">${store.layer?.tensor}</h2>
        <span class="grow"></span>
        ${tableToggle(store.state.asTable, (asTable) => store.set({ asTable }))}
      </div>
      ${this.renderLead()}
      <div class="gptq-sweeps">${sweepFigures.map((figure) => this.renderSweep(figure))}</div>
      ${this.renderColumns()} ${this.renderMethods()}`;
  }

  private renderLead(): TemplateResult {
    const { figures, settings, text, layer } = this.store;
    const { gptq, rtn } = figures;
    return html`<p class="gptq-lead">${chosenSentence(figures, settings) ?? t("Not all of it is measured yet.")}</p>
      ${
        gptq && gptq.damping > 1.001 * settings.damping
          ? html`<p class="xs muted">
              ${t("The Hessian cannot be inverted with so little damping: {0} was added.", significant(gptq.damping))}
            </p>`
          : nothing
      }
      ${
        gptq && rtn && gptq.outputError >= rtn.outputError && text.tokens && layer
          ? html`<p class="xs muted">
              ${t(
                "GPTQ is no better than round-to-nearest here. It was fitted to {0} tokens for {1} columns: more text, or more damping, keeps it from fitting what is peculiar to them.",
                count(text.tokens.calibration),
                count(layer.columns),
              )}
            </p>`
          : nothing
      }
      <p class="xs muted">
        ${t("Output errors are relative: ‖XW − XŴ‖² / ‖XW‖², for inputs X of samples that were held out. The layers before this one are not quantized.")}
      </p>`;
  }

  private renderSweep(figure: (typeof sweepFigures)[number]): TemplateResult {
    const { figures, settings, state, layer } = this.store;
    const points = figures.sweeps[figure.id];
    const sentence = sweepSentence(figure, points, settings);
    return html`<section class="fig" aria-label=${figure.title()}>
      <div class="fig-head">
        <h3>${figure.title()}</h3>
        <span class="grow"></span>
        ${this.renderSave(figure.title(), figure.id)}
      </div>
      <qs-lines-view
        .content=${sweepLines(figure, points, settings, layer?.columns ?? 0)}
        .asTable=${state.asTable}
        .summary=${`${figure.title()}. ${sentence}`}
      ></qs-lines-view>
      <p class="xs muted">${sentence}</p>
    </section>`;
  }

  private renderColumns(): TemplateResult {
    const { store } = this;
    const { figures, state, layer } = store;
    const sentence = columnSentence(figures, state.columns);
    return html`<section class="fig" aria-label=${t("Error per input column, before and after")}>
      <div class="fig-head">
        <h3>${t("Error per input column, before and after")}</h3>
        <span class="grow"></span>
        ${segmented({
          label: t("Show"),
          value: state.columns,
          options: [
            { value: "output", label: t("Output error") },
            { value: "weight", label: t("Weight RMSE") },
          ],
          onSelect: (columns) => store.set({ columns }),
        })}
        ${this.renderSave(t("Error per input column, before and after"), "columns")}
      </div>
      <qs-lines-view
        .content=${columnLines(figures, state.columns, layer?.columns ?? 0)}
        .asTable=${state.asTable}
        .summary=${`${t("Error per input column, before and after")}. ${sentence}`}
      ></qs-lines-view>
      <p class="xs muted">${sentence}</p>
    </section>`;
  }

  /** @param id of the figure in the name of the file */
  private renderSave(title: string, id: string): TemplateResult {
    const { store } = this;
    return savePngButton(store, {
      name: `${store.layer?.tensor}.gptq.${id}.png`,
      draw: drawLines(`${store.layer?.tensor}: ${title}`),
      asTable: store.state.asTable,
      save: (file) => store.host.request(gptqProtocol.save, file),
    });
  }

  private renderMethods(): TemplateResult {
    const { figures } = this.store;
    const rows = [
      { label: t("Round-to-nearest"), errors: figures.rtn },
      { label: t("GPTQ"), errors: figures.gptq },
    ];
    const best = (of: (errors: SettingErrors) => number): number => Math.min(...rows.flatMap(({ errors }) => (errors ? [of(errors)] : [])));
    const cell = (errors: SettingErrors | null, of: (errors: SettingErrors) => number): TemplateResult => {
      const value = errors && of(errors);
      const isBest = figures.gptq && figures.rtn && value === best(of);
      return html`<td class=${isBest ? "num strong" : "num"}>${significant(value)}</td>`;
    };
    return html`<section class="fig" aria-label=${t("Why weight RMSE ranks nothing")}>
      <div class="fig-head"><h3>${t("Why weight RMSE ranks nothing")}</h3></div>
      <div class="table-scroll">
        <table class="grid gptq-methods">
          <thead>
            <tr>
              <th scope="col">${t("Method")}</th>
              <th scope="col" class="num">${t("Output error, held out")}</th>
              <th scope="col" class="num">${t("Weight RMSE")}</th>
            </tr>
          </thead>
          <tbody>
            ${rows.map(
              ({ label, errors }) =>
                html`<tr>
                  <th scope="row">${label}</th>
                  ${cell(errors, ({ outputError }) => outputError)} ${cell(errors, ({ weightRmse }) => weightRmse)}
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
      <p class="xs muted">${weightSentence(figures)}</p>
    </section>`;
  }
}
