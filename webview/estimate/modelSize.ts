/** Sizes that the slider spans, as powers of ten: 0.1 B to 1 T weights. */
export const sliderRange = { low: 8, high: 12, step: 0.01 } as const;

/** A number of weights as it is written into the line: `7B`, `350M`, `1.1T`. Three significant digits. */
export function sizeWord(parameters: number): string {
  const [unit, name] = parameters >= 0.9995e12 ? [1e12, "T"] : parameters >= 0.9995e9 ? [1e9, "B"] : [1e6, "M"];
  return `${Number((parameters / unit).toPrecision(3))}${name}`;
}

const isSize = (word: string): boolean => /^(\d[\d_.,]*|\.\d+)(e\d+|[mbt])$/i.test(word) || /^\d[\d_,]{6,}$/.test(word);

/** The line with another model size; types and context stay. @param modelWords those that say which model is meant, in small letters */
export function withSize(line: string, parameters: number, modelWords: readonly string[]): string {
  const words = line.split(/\s+/).filter((word) => word !== "" && !isSize(word) && !modelWords.includes(word.toLowerCase()));
  return [sizeWord(parameters), ...words].join(" ");
}
