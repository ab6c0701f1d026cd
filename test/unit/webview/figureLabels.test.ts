import assert from "node:assert/strict";
import { besideFlanks } from "../../../webview/charts/figureLabels";

describe("names of the silhouettes", () => {
  const area = { left: 46, right: 520 };
  const widths = { after: 70, before: 65 };

  it("stand one at each flank, inside a wide hill and outside of a narrow one", () => {
    const wide = besideFlanks({ left: 100, right: 450, y: 80 }, widths, area, true);
    assert.deepEqual(wide, { after: { x: 114, y: 80 }, before: { x: 371, y: 80 } });
    const narrow = besideFlanks({ left: 280, right: 290, y: 80 }, widths, area, false);
    assert.deepEqual(narrow, { after: { x: 196, y: 80 }, before: { x: 304, y: 80 } });
  });

  it("never touch: where a hill stands at a border, one is below the other, both beside the hill", () => {
    for (const [left, right] of [
      [46, 50],
      [60, 66],
      [514, 520],
      [500, 508],
      [90, 100],
    ] as const) {
      const { after, before } = besideFlanks({ left, right, y: 80 }, widths, area, false);
      const apart = after.x + widths.after + 8 <= before.x || before.y - after.y >= 14;
      assert.ok(apart, `hill from ${left}: ${JSON.stringify({ after, before })}`);
      for (const [{ x }, width] of [
        [after, widths.after],
        [before, widths.before],
      ] as const) {
        assert.ok(x >= area.left && x + width <= area.right, `inside: ${x}`);
        assert.ok(x >= right || x + width <= left, `beside the hill from ${left}: ${x}`);
      }
    }
  });
});
