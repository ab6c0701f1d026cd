import type { DisplayRow } from "./displayRows";

export type TableAction = { kind: "move"; index: number } | { kind: "expand"; expanded: boolean };

interface Key {
  key: string;
  ctrlKey: boolean;
  altKey: boolean;
  metaKey: boolean;
}

/** What a key does in the tree grid, as in VS Code's own trees; undefined for keys that do not move. */
export function moveInTable(event: Key, rows: readonly DisplayRow[], active: number, page: number): TableAction | undefined {
  if (event.ctrlKey || event.altKey || event.metaKey || rows.length === 0) return undefined;
  const row = rows[active];
  switch (event.key) {
    case "ArrowDown":
      return { kind: "move", index: active + 1 };
    case "ArrowUp":
      return { kind: "move", index: active - 1 };
    case "PageDown":
      return { kind: "move", index: active + page };
    case "PageUp":
      return { kind: "move", index: active - page };
    case "Home":
      return { kind: "move", index: 0 };
    case "End":
      return { kind: "move", index: rows.length - 1 };
    case "ArrowRight":
      if (row?.expanded === undefined) return undefined;
      return row.expanded ? { kind: "move", index: active + 1 } : { kind: "expand", expanded: true };
    case "ArrowLeft":
      return row?.expanded ? { kind: "expand", expanded: false } : { kind: "move", index: parentIndex(rows, active) };
    default:
      return undefined;
  }
}

function parentIndex(rows: readonly DisplayRow[], active: number): number {
  const level = rows[active]?.level ?? 1;
  for (let index = active - 1; index >= 0; index--) if (rows[index]!.level < level) return index;
  return active;
}
