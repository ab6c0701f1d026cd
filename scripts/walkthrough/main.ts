// `npm run walkthrough`: draws media/walkthrough, the pictures of VS Code's walkthrough, from what the product's own jobs measure on the
// sample checkpoint. The pictures are in the repository, and a test draws them again: run this after a change here, of the sample, or of
// what is measured.
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { drawPictures } from "./pictures";
import { measureSample } from "./sampleFigures";

const folder = path.join(__dirname, "..", "..", "media", "walkthrough");

async function main(): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const [step, svg] of Object.entries(drawPictures(await measureSample()))) writeFileSync(path.join(folder, `${step}.svg`), svg);
}

void main();
