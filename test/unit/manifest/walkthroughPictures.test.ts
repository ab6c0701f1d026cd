import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { drawPictures } from "../../../scripts/walkthrough/pictures";
import { measureSample } from "../../../scripts/walkthrough/sampleFigures";
import { walkthroughKeys } from "../../../src/extension/identifiers";
import { root, sorted } from "./manifestSource";

const folder = path.join(root, "media", "walkthrough");

describe("pictures of the walkthrough", () => {
  it("show what the jobs measure on the sample: `npm run walkthrough` draws them", async () => {
    const drawn = drawPictures(await measureSample());
    assert.deepEqual(Object.keys(drawn), Object.keys(walkthroughKeys));
    assert.deepEqual(sorted(readdirSync(folder)), sorted(Object.keys(drawn).map((step) => `${step}.svg`)));
    for (const [step, svg] of Object.entries(drawn)) assert.equal(readFileSync(path.join(folder, `${step}.svg`), "utf8"), svg, step);
  });
});
