import assert from "node:assert/strict";
import { importanceFigures } from "../../../src/core/calibrate/importanceFigures";
import { channelBlocks, medianChannel, outlierRatio, worstChannels } from "../../../src/core/calibrate/outlierChannels";

describe("outlier channels", () => {
  const channelMax = Float32Array.of(1, 2, 64, 3, 2, 8, 1);

  it("stand out against the median channel", () => {
    assert.equal(medianChannel(channelMax), 2);
    assert.equal(outlierRatio(channelMax), 32);
    assert.equal(outlierRatio(Float32Array.of(0, 0)), 1);
    assert.equal(outlierRatio(Float32Array.of(0, 0, 5)), Infinity);
  });

  it("are listed from the greatest on, equal ones by number", () => {
    assert.deepEqual(worstChannels(channelMax, 4), [
      { channel: 2, max: 64 },
      { channel: 5, max: 8 },
      { channel: 3, max: 3 },
      { channel: 1, max: 2 },
    ]);
  });

  it("are seen in runs of channels of about the same length, every channel in one", () => {
    assert.deepEqual(channelBlocks(channelMax, 3), [2, 64, 8]);
    assert.deepEqual(channelBlocks(Float32Array.of(4, 5), 8), [4, 5]);
  });
});

describe("figures of an importance matrix", () => {
  it("of one matrix", () => {
    const found = importanceFigures(Float32Array.of(0, 6, 2, 0), 1, { largest: 2, blocks: 2 });
    assert.deepEqual(found, {
      columns: 4,
      matrices: 1,
      matricesUsed: 1,
      neverActive: 0.5,
      mean: 2,
      largest: [
        { channel: 1, max: 6 },
        { channel: 2, max: 2 },
      ],
      topShare: 0.75,
      blocks: [6, 2],
    });
  });

  it("of stacked experts: those that no token reached are no silent channels", () => {
    const found = importanceFigures(Float32Array.of(1, 0, 0, 0, 4, 2), 3, { largest: 1, blocks: 3 });
    assert.deepEqual([found.columns, found.matrices, found.matricesUsed, found.neverActive], [2, 3, 2, 0.25]);
    assert.deepEqual(found.largest, [{ channel: 4, max: 4 }]);
  });

  it("of nothing", () => {
    const found = importanceFigures(new Float32Array(4), 2, { largest: 1, blocks: 1 });
    assert.deepEqual([found.matricesUsed, found.neverActive, found.topShare], [0, 1, 0]);
  });
});
