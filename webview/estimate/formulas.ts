import { html, nothing, type TemplateResult } from "lit";
import type { EstimateLine } from "../../src/protocol/estimate";
import { count, fixed } from "../ui/format";
import { t } from "../ui/l10n";
import type { ReadyAnswer } from "./store";
import { workingFormula } from "./workingFormula";

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
        <p class="mono">${partsLine(row)}</p>
        <p class="muted">${basisOf(row)}</p>
      </dd>
      <dt>${t("KV cache")}</dt>
      <dd>${cache ? cacheLines(cache, answer) : html`<p class="muted">${unknownCache(answer.cacheUnknown)}</p>`}</dd>
      <dt>${t("Working memory")}</dt>
      <dd>
        ${
          working
            ? workingFormula(working, answer.context)
            : html`<p class="muted">
                ${t("Not known: the tensors are named otherwise than those of language models, or nothing says how many experts a token passes through.")}
              </p>`
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

/** Of a model that keeps no keys and values. */
export function nothingCached(): string {
  return t("No KV cache: this model reads all of its input at once, and keeps nothing of it.");
}

/** Why a cache is not known. */
export function unknownCache(why: ReadyAnswer["cacheUnknown"]): string {
  switch (why) {
    case "state":
      return t("Not known: some layers keep a state of fixed size instead of keys and values, and nothing here says how large it is.");
    case "encoderDecoder":
      return t(
        "Not known: beside its own keys and values the decoder keeps those of the encoder's tokens, and nothing here says how many these are.",
      );
    case "index":
      return t("Not known: a sparse attention keeps an index besides, and how large engines make it is not known here.");
    case "numbers":
      return t("Not known: the configuration has a number of layers, heads or their width that cannot be read.");
    case undefined:
      return t("Not known: nothing says how many keys and values this model keeps.");
  }
}

function partsLine({ parts }: EstimateLine): string {
  const [codes, scales, plain] = [parts.codes, parts.scales, parts.plain].map(count) as [string, string, string];
  return t("{0} codes + {1} scales + {2} not quantized, in bytes", codes, scales, plain);
}

function basisOf({ kind, note }: EstimateLine): string {
  if (kind === "nominal") return t("The width of the codes alone, as models are spoken of: scales are not counted.");
  if (kind === "approximate") return t("In the proportions of a published model of similar size.");
  return note ?? t("Exact: codes, scales and the tensors that stay as they are.");
}

function cacheLines(cache: Cache, { context, sequences }: ReadyAnswer): TemplateResult {
  const { shape, bytesPerValue } = cache;
  if (shape.groups.length === 0 && !shape.state) return html`<p class="muted">${nothingCached()}</p>`;
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
  if (shape.state) lines.push(t("{0} layers with a state × {1} values × 4 bytes", count(shape.state.layers), count(shape.state.values)));
  const product = sequences === 1 ? "" : ` ${t("× {0} sequences", count(sequences))}`;
  return html`${lines.map((line, index) => html`<p class="mono">${index === 0 ? "" : "+ "}${line}${product}${index === lines.length - 1 ? ` ${equals(cache.bytes)}` : ""}</p>`)}
  ${shape.kind === "latent" ? html`<p class="muted">${t("Multi-head latent attention: one compressed vector and one rotated key for all heads.")}</p>` : nothing}
  ${cache.engines.map(({ kind, bytes }) => html`<p class="muted">${engineText(kind, gibOf(bytes))}</p>`)}`;
}

/** How engines keep more than the model needs. */
function engineText(kind: Cache["engines"][number]["kind"], size: string): string {
  if (kind === "padded") return t("llama.cpp keeps 512 tokens more than a window has, up to a multiple of 256: {0} in all.", size);
  if (kind === "wholeInLlamaCpp")
    return t("llama.cpp does not use the windows of this family and keeps all tokens in every layer: {0}.", size);
  if (kind === "whole") return t("Engines that use no windows, and llama.cpp with --swa-full, keep all tokens in every layer: {0}.", size);
  return t("Engines that do not compute with the compressed vectors keep the keys and values of all heads: {0}.", size);
}
