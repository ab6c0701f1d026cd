/**
 * Float64 sums that are added run by run (the tokens of a sequence), and the runs in their order: the same digits however sequences are
 * shared out among threads.
 */
export class OrderedSums {
  private runs: Float64Array[] = [];
  private open: Float64Array | undefined;

  constructor(private readonly length: number) {}

  /** The sums of the run that is going on, to add to. */
  current(): Float64Array {
    return (this.open ??= new Float64Array(this.length));
  }

  endRun(): void {
    if (this.open) this.runs.push(this.open);
    this.open = undefined;
  }

  merge(runs: readonly Float64Array[]): void {
    this.endRun();
    this.runs = [this.folded([...this.runs, ...runs])];
  }

  /** Of each run. */
  state(): Float64Array[] {
    return [...this.runs, ...(this.open ? [this.open] : [])].map((run) => run.slice());
  }

  /** Of all runs. */
  total(): Float64Array {
    return this.folded(this.open ? [...this.runs, this.open] : this.runs);
  }

  private folded(runs: readonly Float64Array[]): Float64Array {
    const total = new Float64Array(this.length);
    for (const run of runs) for (let i = 0; i < this.length; i++) total[i]! += run[i]!;
    return total;
  }
}
