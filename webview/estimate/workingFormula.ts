import { html, nothing, type TemplateResult } from "lit";
import { count, fixed } from "../ui/format";
import { t } from "../ui/l10n";
import type { ReadyAnswer } from "./store";

const gib = 2 ** 30;

type Working = NonNullable<ReadyAnswer["working"]>;

/** How working memory comes about: the larger of two steps, with the model's numbers put in. */
export function workingFormula(working: Working, context: number): TemplateResult {
  const { tokens, vocabulary, hidden, feedForward, attention, heads, withoutFlash } = working;
  const wide = feedForward >= attention ? t("gate and up") : t("queries and results of all heads");
  const steps = [
    {
      bytes: working.output,
      text: t("output: {0} tokens × ({1} + {2}) values × 4 bytes", count(tokens), count(vocabulary), count(hidden)),
    },
    {
      bytes: working.layer,
      text: t(
        "layer: {0} tokens × (({1} + 2 × {2}) values × 4 bytes + {3} tokens × 6 bytes)",
        count(tokens),
        count(Math.max(feedForward, attention)),
        count(hidden),
        count(context),
      ),
    },
  ];
  return html`${steps.map(
      ({ bytes, text }) =>
        html`<p class="mono">${text} = ${gibOf(bytes)}${bytes === working.bytes ? html` ← ${t("the larger counts")}` : nothing}</p>`,
    )}
    <p class="muted">
      ${t("≈ An estimate of llama.cpp's compute buffer with flash attention, at its usual 512 tokens at once: the logits at the end, or what a layer keeps ({0}, the stream twice, and which tokens see which). The driver's own memory is not part of it.", wide)}
      ${
        withoutFlash === undefined || heads === undefined
          ? nothing
          : t(
              "Without flash attention the scores of {0} heads for {1} tokens are kept, too: {2}.",
              count(heads),
              count(context),
              gibOf(withoutFlash),
            )
      }
    </p>`;
}

const gibOf = (bytes: number): string => t("{0} GiB", fixed(bytes / gib, 3));
