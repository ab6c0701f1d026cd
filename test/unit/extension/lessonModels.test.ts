import assert from "node:assert/strict";
import { CancelledError, UsageError } from "../../../src/core/errors";
import type { Folder } from "../../../src/core/file";
import type { Checkpoint } from "../../../src/core/tensor/checkpoint";
import { LessonModels } from "../../../src/extension/lesson/figures/lessonModels";
import { NodeFolder } from "../../../src/io/nodeFolder";
import { folderOf, openPath } from "../../../src/io/openPath";
import type { LayerStepsInput } from "../../../src/jobs/layerStepsJob";
import { mostRunWeights } from "../../../src/protocol/lessonFigures";
import { at } from "../../../scripts/lib/paths.mjs";
import { temporaryFolder } from "../../support/temporaryFolder";
import { tinyConfig, tinyModel } from "../../support/tinyModel";

const sampleFolder = at("media", "sample");
const sampleFile = at("media", "sample", "model.safetensors");

/** Which model the figures of a lesson about `checkpoint` run; the engine notes what it is given, and refuses what it is told to. */
async function chosen(
  checkpoint: Checkpoint | undefined,
  { folder, parameters = 1e6, isSample = false, refused }: { folder: Folder; parameters?: number; isSample?: boolean; refused?: Error },
) {
  const given: LayerStepsInput[] = [];
  const layerSteps = (input: LayerStepsInput) => {
    given.push(input);
    if (refused && input.checkpoint === checkpoint) return Promise.reject(refused);
    return Promise.resolve({ gptq: [], awq: {}, tokens: 0, inputs: 0, gptqTensor: input.checkpoint.name, awqTensor: "" });
  };
  const models = new LessonModels(
    sampleFolder,
    () => Promise.resolve({ layerSteps } as never),
    () => ({ isSample, content: checkpoint && { checkpoint, parameters }, folder }),
    new AbortController().signal,
  );
  const ask = () => models.figure((run) => run.layers());
  return { given, ask, reason: async () => (await ask()).sampleReason };
}

describe("models that the lesson's figures run", () => {
  const empty = temporaryFolder();
  let own: Checkpoint;
  let folder: Folder;

  before(async () => {
    own = await openPath(sampleFile);
    folder = await folderOf(sampleFile);
  });
  after(() => own.close());

  const samplesOf = ({ samples }: LayerStepsInput): number[] => samples.map(({ length }) => length);

  it("run the reader's checkpoint, on the lesson's text in its own tokens, once for all", async () => {
    const { given, ask, reason } = await chosen(own, { folder });
    assert.equal(await reason(), undefined);
    await ask();
    assert.equal(given.length, 1);
    assert.equal(given[0]!.checkpoint, own);
    assert.deepEqual(samplesOf(given[0]!), [256, 256, 256, 256]);
  });

  it("run a larger one on less of the text, and none beyond the limit", async () => {
    const larger = await chosen(own, { folder, parameters: mostRunWeights });
    assert.equal(await larger.reason(), undefined);
    assert.deepEqual(samplesOf(larger.given[0]!), [256]);
    const tooLarge = await chosen(own, { folder, parameters: mostRunWeights + 1 });
    assert.equal(await tooLarge.reason(), "large");
    assert.notEqual(tooLarge.given[0]!.checkpoint, own);
  });

  it("run the sample where it is what the lesson is about", async () => {
    const { reason, given } = await chosen(own, { folder, isSample: true });
    assert.equal(await reason(), undefined);
    assert.notEqual(given[0]!.checkpoint, own);
  });

  it("run the sample for what cannot be run, and say why", async () => {
    const unknown = await tinyModel({ ...tinyConfig, architectures: ["MambaForCausalLM"] });
    assert.equal(await (await chosen(unknown, { folder })).reason(), "architecture");
    const untold = new NodeFolder(empty());
    assert.equal(await (await chosen(await tinyModel(), { folder: untold })).reason(), "tokenizer");
    assert.equal(await (await chosen(undefined, { folder })).reason(), "failed");
  });

  it("fall back on the sample when the run fails, and do not try it again; a cancelled one did not fail", async () => {
    const refused = await chosen(own, { folder, refused: new UsageError("too-large", "no") });
    assert.equal(await refused.reason(), "failed");
    assert.equal(await refused.reason(), "failed");
    assert.equal(refused.given.filter(({ checkpoint }) => checkpoint === own).length, 1);
    const cancelled = await chosen(own, { folder, refused: new CancelledError() });
    await assert.rejects(cancelled.ask(), CancelledError);
  });
});
