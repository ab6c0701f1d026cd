import { html, nothing, type TemplateResult } from "lit";
import type { EstimateLine } from "../../src/protocol/estimate";
import { count, fixed, missing } from "../ui/format";
import { t } from "../ui/l10n";
import { deviceName } from "./deviceText";
import { partsFigure, sizeText } from "./parts";
import type { ReadyAnswer } from "./store";

const gib = 2 ** 30;

/** The chosen row in large: what takes the room, and where it fits. */
export function answerTiles(row: EstimateLine, answer: ReadyAnswer): TemplateResult {
  const { cache, working, devices } = answer;
  const about = row.kind === "approximate" ? "≈ " : "";
  const fitting = devices.filter((_, index) => row.devices[index]?.fits).map(deviceName);
  return html`<section class="answer" aria-label=${t("Answer")}>
    <h2>${row.name}</h2>
    <dl class="tiles">
      ${tile(t("Weights"), row.bytes, `${about}${sizeText(row.bytes / 1e9)} GB`, about)}
      ${tile(t("KV cache"), cache?.bytes, cache ? t("{0} KiB a token", fixed(cache.bytesPerToken / 1024, cache.bytesPerToken % 1024 === 0 ? 0 : 1)) : t("not known"))}
      ${tile(t("Working memory"), working?.bytes, working ? t("estimate") : t("not known"), working ? "≈ " : "")}
      ${tile(t("Total"), row.neededBytes, cache && working ? t("{0} bits/weight", fixed(row.bitsPerWeight, 2)) : t("of what is known"), working ? "≈ " : about)}
    </dl>
    ${partsFigure(row, answer)}
    ${
      devices.length === 0
        ? nothing
        : html`<p class="xs muted">
            ${fitting.length === 0 ? t("Fits on none of the {0} devices.", count(devices.length)) : t("Fits on: {0}.", fitting.join(", "))}
          </p>`
    }
  </section>`;
}

function tile(label: string, bytes: number | undefined, detail: string, about = ""): TemplateResult {
  return html`<div class="tile">
    <dt>${label}</dt>
    <dd>${bytes === undefined ? missing : html`${about}${sizeText(bytes / gib)}<small>GiB</small>`}</dd>
    <dd class="ctx">${detail}</dd>
  </div>`;
}
