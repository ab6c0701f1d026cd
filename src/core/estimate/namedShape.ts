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
