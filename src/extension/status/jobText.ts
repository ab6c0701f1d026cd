/** How far a job is, in whole percent; never 100 before it is over. */
export function percentText(doneBytes: number, totalBytes: number): string {
  const share = totalBytes > 0 ? doneBytes / totalBytes : 0;
  return `${Math.min(99, Math.floor(share * 100))} %`;
}
