/** A tensor seen as a matrix: the last dimension lies in a row, all others are rows. */
export interface Matrix {
  rows: number;
  columns: number;
}

export function matrixOf(shape: readonly number[]): Matrix {
  const columns = shape[shape.length - 1] ?? 1;
  const rows = shape.slice(0, -1).reduce((product, dimension) => product * dimension, 1);
  return { rows: columns === 0 ? 0 : rows, columns };
}

export interface Cell {
  row: number;
  column: number;
}

export function clampCell({ row, column }: Cell, { rows, columns }: Matrix): Cell {
  return { row: Math.max(0, Math.min(rows - 1, row)), column: Math.max(0, Math.min(columns - 1, column)) };
}

/**
 * The cell an index means: `12, 302` for a row and a column, one number a dimension for any tensor, or one number alone
 * for a vector's element or a matrix's row. Undefined for what is no index into this shape.
 */
export function parseIndex(text: string, shape: readonly number[]): Cell | undefined {
  const numbers = text.split(/[\s,;×[\]()]+/).filter(Boolean);
  if (numbers.length === 0 || !numbers.every((part) => /^\d{1,15}$/.test(part))) return undefined;
  const index = numbers.map(Number);
  const matrix = matrixOf(shape);
  const cell = cellOf(index, shape, matrix);
  return cell && cell.row < matrix.rows && cell.column < matrix.columns ? cell : undefined;
}

function cellOf(index: readonly number[], shape: readonly number[], { rows }: Matrix): Cell | undefined {
  const [first = 0, second = 0] = index;
  if (index.length === shape.length && shape.length > 2) {
    if (index.some((part, axis) => part >= shape[axis]!)) return undefined;
    const row = index.slice(0, -1).reduce((sum, part, axis) => sum * shape[axis]! + part, 0);
    return { row, column: index[index.length - 1]! };
  }
  if (index.length === 1) return rows === 1 ? { row: 0, column: first } : { row: first, column: 0 };
  return index.length === 2 ? { row: first, column: second } : undefined;
}

/** The index of a cell in the tensor's own dimensions: `3, 12, 302`. */
export function indexText({ row, column }: Cell, shape: readonly number[]): string {
  if (shape.length <= 1) return String(column);
  const index = [column];
  let rest = row;
  for (let axis = shape.length - 2; axis >= 0; axis--) {
    index.unshift(rest % shape[axis]!);
    rest = Math.floor(rest / shape[axis]!);
  }
  return index.join(", ");
}
