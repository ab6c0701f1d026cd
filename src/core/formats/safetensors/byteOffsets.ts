/**
 * Converts positions in decoded text (UTF-16 units) to positions in its UTF-8 bytes. Pure ASCII costs nothing; otherwise
 * it walks on from the last answer, so ascending questions cost one pass in all.
 */
export class ByteOffsets {
  private units = 0;
  private position = 0;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly textLength: number,
  ) {}

  of(at: number): number {
    if (this.textLength === this.bytes.length) return at;
    if (at < this.units) {
      this.units = 0;
      this.position = 0;
    }
    while (this.units < at && this.position < this.bytes.length) {
      const first = this.bytes[this.position]!;
      this.position += first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
      this.units += first < 0xf0 ? 1 : 2;
    }
    return this.position;
  }
}
