/** What a type costs and what it does. */
export interface TypePoint {
  label: string;
  bitsPerWeight: number;
  /** The damage; larger is worse. */
  error: number;
}

/**
 * The types worth their bits: no other has as little error in as few bits. From the fewest bits to the most.
 */
export function paretoFront(points: readonly TypePoint[]): TypePoint[] {
  const sorted = [...points].sort((a, b) => a.bitsPerWeight - b.bitsPerWeight || a.error - b.error);
  let least = Infinity;
  return sorted.filter(({ error }) => {
    if (error >= least) return false;
    least = error;
    return true;
  });
}
