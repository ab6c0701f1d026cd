import { html, nothing, type TemplateResult } from "lit";
import type { CheckpointSnapshot, ModelPart } from "../../src/protocol/editor";
import { compact, count, percent } from "../ui/format";
import { t } from "../ui/l10n";
import { styles } from "../ui/styles";

const partLabels: Record<ModelPart, () => string> = {
  embeddings: () => t("Embeddings"),
  attention: () => t("Attention"),
  mlp: () => t("MLP"),
  output: () => t("Output"),
  norms: () => t("Norms"),
  other: () => t("Other"),
};

/** Below this share a segment is too short for a label under it. */
const leastShare = 0.06;

/** What the model is made of, by weights: a bar, and a label under the start of each segment. Nothing for a single part. */
export function compositionBar({ composition, parameters }: CheckpointSnapshot): TemplateResult | typeof nothing {
  const parts = composition.filter((part) => part.parameters > 0).map((part) => ({ ...part, share: part.parameters / parameters }));
  if (parts.length < 2) return nothing;
  const largest = parts.reduce((best, { share }) => Math.max(best, share), 0);
  const describe = ({ part, share, parameters }: (typeof parts)[number]): string =>
    `${partLabels[part]()} ${percent(share)}, ${count(parameters)}`;
  return html`<section class="composition" aria-label=${t("Composition by weights")}>
    <div class="composition-bar" aria-hidden="true">
      ${parts.map((part) => html`<span class="f-${part.part}" title=${describe(part)} ${styles({ flex: String(part.share) })}></span>`)}
    </div>
    <ul class="composition-labels">
      ${parts.map(
        (part) =>
          html`<li title=${describe(part)} ${styles({ flex: part.share < leastShare ? "none" : `${part.share} 1 0` })}>
            <b><i class="f-${part.part}"></i>${partLabels[part.part]()}</b> <span>${percent(part.share)}</span>
            ${part.share === largest ? html`<span class="muted">${t("{0} weights", compact(part.parameters))}</span>` : nothing}
          </li>`,
      )}
    </ul>
  </section>`;
}
