import type { NumberText } from "../numberText";

/** How far a job is, in numbers of the interface. Parts are absent while they would be guesses. */
export interface WriteProgress {
  /** 0 to 100, rounded down. */
  percent: number;
  /** Of input read: `412 MB/s`. */
  speed?: string;
  /** `12 s`, `3 min`. */
  left?: string;
}

/** Milliseconds before speed and time left are said. */
const settled = 1000;

/** @param elapsedMs since the first byte */
export function writeProgress(doneBytes: number, totalBytes: number, elapsedMs: number, numbers: NumberText): WriteProgress {
  const share = totalBytes > 0 ? Math.min(1, doneBytes / totalBytes) : 0;
  const percent = Math.floor(100 * share);
  if (elapsedMs < settled || share === 0) return { percent };
  const leftMs = (elapsedMs / share) * (1 - share);
  return { percent, speed: `${numbers.bytes(doneBytes / (elapsedMs / 1000))}/s`, left: timeText(leftMs, numbers) };
}

/** `12 s`, `3 min`, `2 h 5 min`. */
function timeText(milliseconds: number, numbers: NumberText): string {
  const seconds = Math.ceil(milliseconds / 1000);
  if (seconds < 90) return `${numbers.integer(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${numbers.integer(minutes)} min`;
  return `${numbers.integer(Math.floor(minutes / 60))} h ${numbers.integer(minutes % 60)} min`;
}
