interface Cell {
  row: number;
  column: number;
}

interface Size {
  rows: number;
  columns: number;
}

interface Key {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

/** The cell of a grid that is nearest. `firstRow`: −1 where the heading counts. */
export function nearestCell({ row, column }: Cell, { rows, columns }: Size, firstRow = 0): Cell {
  return { row: Math.max(firstRow, Math.min(rows - 1, row)), column: Math.max(0, Math.min(columns - 1, column)) };
}

/** Where a key moves the active cell; undefined for keys that do not move. `page`: rows and columns in view. It may lead outside. */
export function moveInGrid(event: Key, { row, column }: Cell, matrix: Size, page: Size): Cell | undefined {
  const whole = event.ctrlKey || event.metaKey;
  switch (event.key) {
    case "ArrowUp":
      return { row: whole ? 0 : row - 1, column };
    case "ArrowDown":
      return { row: whole ? matrix.rows - 1 : row + 1, column };
    case "ArrowLeft":
      return { row, column: whole ? 0 : column - 1 };
    case "ArrowRight":
      return { row, column: whole ? matrix.columns - 1 : column + 1 };
    case "Home":
      return { row: whole ? 0 : row, column: 0 };
    case "End":
      return { row: whole ? matrix.rows - 1 : row, column: matrix.columns - 1 };
    case "PageUp":
      return event.altKey ? { row, column: column - page.columns } : { row: row - page.rows, column };
    case "PageDown":
      return event.altKey ? { row, column: column + page.columns } : { row: row + page.rows, column };
    default:
      return undefined;
  }
}
