import {
  type PerplexityPicture,
  perplexityProtocol,
  type PerplexityRow,
  type TokenPage,
  type WorstToken,
} from "../../../src/protocol/perplexity";
import { NotedPageHost } from "./notedPageHost";

export type ReadyPerplexity = Extract<PerplexityPicture, { kind: "ready" }>;

/** A row of a type that takes so many bits and foresees a text with this perplexity, where the original's is 20. */
export function syntheticRow(label: string, bitsPerWeight: number, perplexity: number, patch: Partial<PerplexityRow> = {}): PerplexityRow {
  const isOriginal = label === "Original";
  return {
    id: isOriginal ? "original" : `type:${label}`,
    kind: isOriginal ? "original" : "type",
    label,
    bytes: Math.round(bitsPerWeight * 125_000),
    bitsPerWeight,
    figures: { perplexity, standardError: 0.5, nll: Math.log(perplexity), windows: 4 },
    answers: isOriginal
      ? null
      : { delta: perplexity - 20, divergence: { mean: 0.01, median: 0.005, percentile99: 0.1, max: 0.4 }, sameTop: 0.93 },
    ...patch,
  };
}

/** A measured table of the original and four types, one of which cannot be measured. */
export function readyPerplexity(patch: Partial<ReadyPerplexity> = {}): ReadyPerplexity {
  return {
    kind: "ready",
    name: "synthetic.safetensors",
    uri: "file:///synthetic.safetensors",
    choice: { samples: 4, types: ["Q8_0", "Q4_K_M", "Q2_K", "IQ1_S"], files: [] },
    rows: [
      syntheticRow("Original", 16, 20),
      syntheticRow("Q8_0", 8.5, 20.01),
      syntheticRow("Q4_K_M", 5, 20.4),
      syntheticRow("Q2_K", 3.3, 60),
      syntheticRow("IQ1_S", 2, 0, {
        bytes: null,
        bitsPerWeight: null,
        figures: null,
        answers: null,
        reason: "IQ1_S needs an importance matrix.",
      }),
    ],
    run: { kind: "done", elapsedMs: 900 },
    text: { name: "Sample text", windows: 4, length: 300, scored: 149, isWhole: true },
    locale: "en",
    strings: {},
    ...patch,
  };
}

/** A page of a text, of which every other half is scored and a little less likely. */
function syntheticTokens(row: string, start: number, count: number, total: number): TokenPage {
  const tokens = Array.from({ length: Math.min(count, total - start) }, (_, i) => {
    const position = start + i;
    const figures = position % 300 < 151 ? {} : { before: 2, after: 2 + ((position % 7) - 2) / 3, divergence: 0.1 };
    return { text: ` ${row.replace("type:", "")}${position}`, ...figures };
  });
  const scored = tokens.filter((token) => "before" in token).length;
  return { start, total, tokens, scored, meanLoss: 0.33, lost: 12 };
}

const worst: WorstToken[] = [
  { position: 900, context: "of the people ", text: " Moses", before: 1, after: 3.5, divergence: 0.4 },
  { position: 160, context: "\n", text: "\n", before: 0.5, after: 1.5, divergence: 0.2 },
];

/** A host of a Perplexity page whose picture is the test's. What the page asks is noted by name. */
export class ScriptedPerplexityHost extends NotedPageHost {
  /** @param total tokens of the text */
  constructor(
    private readonly picture: () => PerplexityPicture,
    private readonly total = 1200,
  ) {
    super();
  }

  protected override answer(): void {
    const p = perplexityProtocol;
    this.connection.onRequest(p.initialize, () => this.picture());
    this.connection.onRequest(p.tokens, ({ row, start, count }) => syntheticTokens(row, start, count, this.total));
    this.connection.onRequest(p.worst, () => worst);
    this.note([p.chooseText, p.chooseTypes, p.measure, p.cancel, p.export, p.copy, p.save], p.save);
  }
}
