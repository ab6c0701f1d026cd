/** More weights than any file could hold in 2⁵³ bytes. */
export const mostParameters = 1e15;

/** Tokens. Far beyond any model's context; keeps the KV cache a safe integer. */
export const mostContext = 1e9;
