import assert from "node:assert/strict";
import { formatBytes, formatCount, formatNumber, formatShape, plainText } from "../../../src/cli/format";
import { ProgressLine } from "../../../src/cli/progressLine";
import { formatTable } from "../../../src/cli/table";

describe("text of the command line", () => {
  it("shortens numbers to what is read", () => {
    assert.deepEqual([0, 12, 999, 1000, 1234567, 28e9, 7.5e15].map(formatBytes), [
      "0 B",
      "12 B",
      "999 B",
      "1.00 kB",
      "1.23 MB",
      "28.0 GB",
      "7.50 PB",
    ]);
    assert.deepEqual(
      [0, 1 / 3, -1234.56, 1e-9, 1e9, Infinity, null].map((value) => formatNumber(value)),
      ["0", "0.3333", "-1235", "1e-9", "1e+9", "Infinity", "–"],
    );
    assert.deepEqual([0, 999, 1000, 1234567].map(formatCount), ["0", "999", "1 000", "1 234 567"]);
    assert.deepEqual([[], [3], [2, 3]].map(formatShape), ["scalar", "3", "2×3"]);
  });

  it("lets nothing from a file move the cursor", () => {
    assert.equal(plainText("a\x1b[2Jb\nc"), "a�[2Jb�c");
  });

  it("aligns columns, numbers at their end", () => {
    const table = formatTable(
      [{ heading: "name" }, { heading: "n", numeric: true }],
      [
        ["a", "1"],
        ["long name", "100"],
      ],
    );
    assert.equal(table, "name         n\na            1\nlong name  100");
  });

  it("shows progress on a terminal only, and wipes it", () => {
    const written: string[] = [];
    const stream = (isTTY: boolean) => ({ isTTY, write: (text: string) => written.push(text) }) as unknown as NodeJS.WriteStream;
    const line = new ProgressLine(stream(true));
    line.show(5e8, 2e9);
    line.clear();
    line.clear();
    assert.deepEqual(written, ["\r\x1b[K 25 %  500 MB of 2.00 GB", "\r\x1b[K"]);
    const none = new ProgressLine(stream(false));
    none.show(1, 2);
    none.clear();
    assert.equal(written.length, 2);
  });
});
