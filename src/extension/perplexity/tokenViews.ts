import { firstScored } from "../../core/model/perplexity";
import type { Tokenizer } from "../../core/text/tokenizer";
import { clearLoss, mostTokensOfPage, type TokenPage, type TokenView, type WorstToken } from "../../protocol/perplexity";

/** What two models say of the scored tokens of a text. */
export interface ScoredText {
  readonly windows: readonly Int32Array[];
  /** Of each scored token: negative log-likelihoods in nats by the original and by another model, and the divergence of the two. */
  readonly before: Float64Array;
  readonly after: Float64Array;
  readonly divergence: Float64Array;
}

/** Tokens that the list of the worst has, and tokens before each of them that are shown with it. */
const worstCount = 20;
const contextTokens = 12;

/** Some tokens of a text, window after window. @param count at most {@link mostTokensOfPage} */
export function tokenPage(text: ScoredText, tokenizer: Tokenizer, start: number, count: number): TokenPage {
  const length = text.windows[0]!.length;
  const total = length * text.windows.length;
  const end = Math.min(total, start + Math.min(count, mostTokensOfPage));
  const tokens: TokenView[] = [];
  for (let position = start; position < end; position++) {
    const id = idAt(text, position);
    const place = scoredPlace(text, position);
    tokens.push({ text: tokenText(tokenizer, id), ...(place === undefined ? {} : figuresAt(text, place)) });
  }
  const losses = tokens.flatMap(({ before, after }) => (before === undefined || after === undefined ? [] : after - before));
  return {
    start,
    total,
    tokens,
    scored: losses.length,
    meanLoss: losses.reduce((sum, loss) => sum + loss, 0) / Math.max(1, losses.length),
    lost: losses.filter((loss) => loss > clearLoss).length,
  };
}

/** The tokens of which the likelihood fell most, worst first. */
export function worstTokens(text: ScoredText, tokenizer: Tokenizer): WorstToken[] {
  const { before, after } = text;
  const loss = (place: number): number => after[place]! - before[place]!;
  const worst: number[] = [];
  for (let place = 0; place < after.length; place++) {
    if (worst.length === worstCount && loss(place) <= loss(worst[worstCount - 1]!)) continue;
    const rank = worst.findIndex((other) => loss(place) > loss(other));
    worst.splice(rank < 0 ? worst.length : rank, 0, place);
    worst.length = Math.min(worst.length, worstCount);
  }
  return worst
    .filter((place) => loss(place) > 0)
    .map((place) => {
      const position = positionOf(text, place);
      const first = Math.max(position - (position % text.windows[0]!.length), position - contextTokens);
      const context = Array.from({ length: position - first }, (_, i) => tokenText(tokenizer, idAt(text, first + i))).join("");
      return { position, context, text: tokenText(tokenizer, idAt(text, position)), ...figuresAt(text, place) };
    });
}

function figuresAt({ before, after, divergence }: ScoredText, place: number): { before: number; after: number; divergence: number } {
  return { before: before[place]!, after: after[place]!, divergence: divergence[place]! };
}

function idAt({ windows }: ScoredText, position: number): number {
  const length = windows[0]!.length;
  return windows[Math.floor(position / length)]![position % length]!;
}

/** Place of a token among the scored ones; undefined where it is not one of them, or not yet. */
function scoredPlace({ windows, after }: ScoredText, position: number): number | undefined {
  const length = windows[0]!.length;
  const first = firstScored(length, "llama-perplexity") + 1;
  const inWindow = position % length;
  const place = Math.floor(position / length) * (length - first) + inWindow - first;
  return inWindow >= first && place < after.length ? place : undefined;
}

function positionOf({ windows }: ScoredText, place: number): number {
  const length = windows[0]!.length;
  const first = firstScored(length, "llama-perplexity") + 1;
  const each = length - first;
  return Math.floor(place / each) * length + first + (place % each);
}

/** A token as it reads in the text: decoders leave out the space that a word begins with where it is alone. */
function tokenText(tokenizer: Tokenizer, id: number): string {
  const piece = tokenizer.piece(id);
  return piece.includes("▁") ? piece.replaceAll("▁", " ") : tokenizer.decode([id]);
}
