/** What a text becomes before a model reads it, and back. The numbers are those of the model's embedding. */
export interface Tokenizer {
  /** Tokens there are; every number is below. */
  readonly vocabularySize: number;
  /** The token that begins a text, if the model has one. */
  readonly bosId?: number;
  /** Whether a text begins with {@link bosId} when special tokens are asked for. */
  readonly addsBos: boolean;
  /** @param options.addSpecial with the tokens that begin and end a text, as the model was trained; without, only the text's own */
  encode(text: string, options?: { readonly addSpecial?: boolean }): Int32Array;
  /** The text of tokens, special ones as they are spelled. Bytes that are no UTF-8 become U+FFFD. @throws UsageError `unknown-token` */
  decode(ids: ArrayLike<number>): string;
  /** A token as the vocabulary spells it: `▁the`, `Ġthe`, `<0x0A>`. @throws UsageError `unknown-token` */
  piece(id: number): string;
}
