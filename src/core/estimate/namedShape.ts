/** A tensor by its Hugging Face name. */
export interface NamedShape {
  name: string;
  /** Row-major. */
  shape: number[];
}

/** A matrix, with a bias as long as its rows. */
export function linear(name: string, rows: number, columns: number, hasBias = false): NamedShape[] {
  return [{ name: `${name}.weight`, shape: [rows, columns] }, ...(hasBias ? [{ name: `${name}.bias`, shape: [rows] }] : [])];
}

/** The same of several matrices of one shape. */
export function linears(names: readonly string[], rows: number, columns: number, hasBias = false): NamedShape[] {
  return names.flatMap((name) => linear(name, rows, columns, hasBias));
}

/** A norm, with a bias. */
export function norm(name: string, length: number, hasBias = false): NamedShape[] {
  return [{ name: `${name}.weight`, shape: [length] }, ...(hasBias ? [{ name: `${name}.bias`, shape: [length] }] : [])];
}

/** A convolution over one or two dimensions, or one of each channel for itself. */
export function convolution(name: string, shape: number[], hasBias = false): NamedShape[] {
  return [{ name: `${name}.weight`, shape }, ...(hasBias ? [{ name: `${name}.bias`, shape: [shape[0]!] }] : [])];
}

/** Tensors under a common name. */
export function within(place: string, tensors: readonly NamedShape[]): NamedShape[] {
  return tensors.map(({ name, shape }) => ({ name: `${place}.${name}`, shape }));
}

/** Layers, experts and their like: the same place with numbers from 0. */
export function repeated(count: number, place: string, make: (index: number) => readonly NamedShape[]): NamedShape[] {
  return Array.from({ length: count }, (_, index) => within(`${place}.${index}`, make(index))).flat();
}

/** So many of the same, as one tensor each: the first one's name, and their number as the first dimension, as GGUF files stack experts. */
export function stacked(count: number, place: string, tensors: readonly NamedShape[]): NamedShape[] {
  const stack = (shape: number[]): number[] => (count === 1 ? shape : [count, ...shape]);
  return within(`${place}.0`, tensors).map(({ name, shape }) => ({ name, shape: stack(shape) }));
}
