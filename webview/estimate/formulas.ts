import { html, nothing, type TemplateResult } from "lit";
import type { EstimateLine } from "../../src/protocol/estimate";
import { count, fixed } from "../ui/format";
import { t } from "../ui/l10n";
import type { ReadyAnswer } from "./store";

const gib = 2 ** 30;
const gibOf = (bytes: number): string => t("{0} GiB", fixed(bytes / gib, 3));

type Cache = NonNullable<ReadyAnswer["cache"]>;

/** How the figures of a row come about, with its numbers put in. */
export function formulas(row: EstimateLine, answer: ReadyAnswer): TemplateResult {
  const { cache, working } = answer;
  return html`<details class="how">
    <summary>${t("How this is computed")}</summary>
    <dl>
      <dt>${t("Weights")}</dt>
      <dd>
        <p class="mono">
          ${t("{0} weights × {1} bits / 8", count(answer.parameters), fixed(row.bitsPerWeight, 4))} ${equals(row.bytes)} =
          ${count(row.bytes)} ${t("bytes")}
        </p>
        <p class="muted">${basisOf(row)}</p>
      </dd>
      <dt>${t("KV cache")}</dt>
      <dd>
        ${cache ? cacheLines(cache, answer) : html`<p class="muted">${t("Not known: nothing says how many keys and values this model keeps.")}</p>`}
      </dd>
      <dt>${t("Working memory")}</dt>
      <dd>
        ${
          working
            ? html`<p class="mono">
                  ${t("{0} tokens × ({1} + {2}) values × 4 bytes", count(working.tokens), count(working.widest), count(working.hidden))}
                  ${equals(working.bytes)}
                </p>
                <p class="muted">
                  ${t("An approximation of llama.cpp's compute buffer with flash attention: the widest results and the stream of the tokens that are computed at once. The driver's own memory is not part of it.")}
                </p>`
            : html`<p class="muted">${t("Not known: the tensors are named otherwise than those of language models.")}</p>`
        }
      </dd>
      <dt>${t("Total")}</dt>
      <dd>
        <p class="mono">
          ${[row.bytes, cache?.bytes, working?.bytes]
            .filter((bytes) => bytes !== undefined)
            .map((bytes) => fixed(bytes / gib, 3))
            .join(" + ")}
          ${equals(row.neededBytes)}
        </p>
      </dd>
    </dl>
  </details>`;
}

const equals = (bytes: number): string => `= ${gibOf(bytes)}`;

function basisOf({ kind, note }: EstimateLine): string {
  if (kind === "nominal") return t("The width of the codes alone, as models are spoken of: scales are not counted.");
  if (kind === "approximate") return t("In the proportions of a published model of similar size.");
  return note ?? t("Exact: codes, scales and the tensors that stay as they are.");
}

function cacheLines(cache: Cache, { context, sequences }: ReadyAnswer): TemplateResult {
  const { shape, bytesPerValue } = cache;
  const lines = shape.groups.map(({ layers, heads, keyDim, valueDim, window }) => {
    const tokens = window === undefined ? count(context) : `min(${count(context)}, ${count(window)})`;
    const bytes = String(bytesPerValue);
    return shape.kind === "latent"
      ? t("{0} layers × {1} values × {2} bytes × {3} tokens", count(layers), count(keyDim), bytes, tokens)
      : t(
          "{0} layers × {1} KV heads × ({2} + {3}) values × {4} bytes × {5} tokens",
          count(layers),
          count(heads),
          count(keyDim),
          count(valueDim),
          bytes,
          tokens,
        );
  });
  const hasWindow = shape.groups.some(({ window }) => window !== undefined);
  const product = sequences === 1 ? "" : ` ${t("× {0} sequences", count(sequences))}`;
  return html`${lines.map((line, index) => html`<p class="mono">${index === 0 ? "" : "+ "}${line}${product}${index === lines.length - 1 ? ` ${equals(cache.bytes)}` : ""}</p>`)}
  ${shape.kind === "latent" ? html`<p class="muted">${t("Multi-head latent attention: one compressed vector and one rotated key for all heads.")}</p>` : nothing}
  ${hasWindow ? html`<p class="muted">${t("Layers with a sliding window keep no more tokens than it has; engines that do not use windows keep the whole context.")}</p>` : nothing}`;
}
