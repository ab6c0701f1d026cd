/** The values behind `calibration_golden.json`: nearly normal, every 997th 16 times as large; those of `relu` without the negative ones. */
export function calibrationValues(kind: "signed" | "relu"): number[] {
  let state = 31337;
  const draw = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) >>> 16;
  };
  return Array.from({ length: 65536 }, (_, i) => {
    const value = (draw() + draw() + draw() + draw() - 131070) * 2 ** -16 * (i % 997 === 996 ? 16 : 1);
    return kind === "relu" ? Math.max(value, 0) : value;
  });
}
