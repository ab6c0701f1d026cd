import { html, type TemplateResult } from "lit";
import type { ImportanceRow } from "../../../src/core/calibrate/importanceFigures";
import { count, percent, significant } from "../../ui/format";
import { t } from "../../ui/l10n";
import { styles } from "../../ui/styles";

/** Ratio to the mean at which a cell has its full tint. */
const fullRatio = 100;
const fullTint = 85;
/** Runs of channels that a row shows. */
const cells = 16;

/** All entries of an importance matrix: what was never active, and where among the channels the importance is. */
export function importanceMap(
  entries: readonly ImportanceRow[],
  selected: string | undefined,
  select: (name: string) => void,
): TemplateResult {
  return html`<div class="fig">
    <div class="fig-head"><h3>${t("All weights")}</h3></div>
    <div class="table-scroll importance-map" tabindex="0" role="region" aria-label=${t("All weights")}>
      <table class="grid">
        <thead>
          <tr>
            <th scope="col">${t("Weight")}</th>
            <th scope="col" class="num">${t("Never active")}</th>
            <th scope="col" class="num">${t("Largest")}</th>
            <th scope="col">${t("Channels")}</th>
          </tr>
        </thead>
        <tbody>
          ${entries.map((entry) => {
            const [first] = entry.largest;
            return html`<tr aria-selected=${entry.name === selected ? "true" : "false"} @click=${() => select(entry.name)}>
              <th scope="row" title=${entry.name}>${entry.name}</th>
              <td class="num">${percent(entry.neverActive)}</td>
              <td class="num">${first ? t("{0} at {1}", significant(first.max), count(first.channel)) : ""}</td>
              <td>
                <span class="importance-cells" aria-hidden="true">
                  ${runsOf(entry.blocks).map((value) => html`<i ${styles({ "--qs-tint": `${tintOf(value, entry.mean)}%` })}></i>`)}
                </span>
              </td>
            </tr>`;
          })}
        </tbody>
      </table>
    </div>
    <p class="xs muted">
      ${t("Cells from the first channel to the last, tinted where channels matter more than the mean: fully at 100 times as much.")}
    </p>
  </div>`;
}

/** Fewer runs, each the greatest of those that it is of. */
function runsOf(blocks: readonly number[]): number[] {
  const runs = Math.min(cells, blocks.length);
  return Array.from({ length: runs }, (_, run) =>
    Math.max(...blocks.slice(Math.floor((run * blocks.length) / runs), Math.floor(((run + 1) * blocks.length) / runs))),
  );
}

function tintOf(value: number, mean: number): string {
  if (!(value > 0 && mean > 0)) return "0";
  return (fullTint * Math.min(1, Math.max(0, Math.log(value / mean) / Math.log(fullRatio)))).toFixed(1);
}
