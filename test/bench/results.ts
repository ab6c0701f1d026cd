/** Best and median of the rounds of one contender. */
export interface Timing {
  best: number;
  median: number;
}

/** What a row must reach, best and median: a ratio to its peer, or a figure of its own. */
export type Bar = { atLeast: number } | { atMost: number };

/** One measurement of one run. */
export interface ResultRow {
  part: string;
  name: string;
  unit: "s" | "ms" | "GB/s" | "MB" | "×";
  ours: Timing;
  /** Who was measured in the same rounds. */
  against?: string;
  peer?: Timing;
  /** How many times better than the peer. */
  ratio?: Timing;
  bar?: Bar;
  /** Of a row that needs two cores: how many there were in these rounds. */
  cores?: number;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Of durations or sizes, where less is better. */
export function timing(values: readonly number[]): Timing {
  return { best: Math.min(...values), median: median(values) };
}

/** Fewer cores than this, and a command that uses two threads cannot be judged. */
const leastCores = 1.8;

/** Whether the row reaches its bar; undefined for a row without one, and for one that misses it for want of cores. */
export function holds({ bar, ratio, ours, cores }: ResultRow): boolean | undefined {
  if (!bar) return undefined;
  const reached =
    "atMost" in bar
      ? Math.max(ours.best, ours.median) <= bar.atMost
      : ratio !== undefined && Math.min(ratio.best, ratio.median) >= bar.atLeast;
  return reached || cores === undefined || cores >= leastCores ? reached : undefined;
}

/** A row that compares durations: the ratio says how many times as fast as the peer we are. */
export function raceRow(
  part: string,
  name: string,
  ours: readonly number[],
  against: string,
  peer: readonly number[],
  bar?: Bar,
): ResultRow {
  const [mine, theirs] = [timing(ours), timing(peer)];
  const ratio = { best: theirs.best / mine.best, median: theirs.median / mine.median };
  return { part, name, unit: "s", ours: mine, against, peer: theirs, ratio, bar };
}

function figure(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(value < 1 ? 3 : 2);
}

function pair(value: Timing | undefined, unit = ""): string {
  return value ? `${figure(value.best)} / ${figure(value.median)}${unit}` : "";
}

function barText({ bar, unit }: ResultRow): string {
  if (!bar) return "";
  return "atLeast" in bar ? `≥ ${bar.atLeast} ×` : `≤ ${bar.atMost} ${unit}`;
}

function verdict(row: ResultRow): string {
  if (!row.bar) return "";
  const held = holds(row);
  return held === undefined ? `not judged: ${row.cores!.toFixed(2)} cores` : held ? "yes" : "NO";
}

/** The rows as a table; every cell with two figures is best / median. */
export function resultTable(rows: readonly ResultRow[]): string {
  const lines = [
    ["", "ours", "against", "", "ratio best", "median", "bar", "holds"],
    ...rows.map((row) => [
      `${row.part}: ${row.name}`,
      pair(row.ours, ` ${row.unit}`),
      row.against ?? "",
      pair(row.peer),
      row.ratio ? row.ratio.best.toFixed(2) : "",
      row.ratio ? row.ratio.median.toFixed(2) : "",
      barText(row),
      verdict(row),
    ]),
  ];
  const widths = lines[0]!.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
