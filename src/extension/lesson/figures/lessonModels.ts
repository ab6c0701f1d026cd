import { join } from "node:path";
import { CancelledError } from "../../../core/errors";
import type { Folder } from "../../../core/file";
import { describeModel } from "../../../core/model/describe";
import type { Checkpoint } from "../../../core/tensor/checkpoint";
import { folderOf, openPath } from "../../../io/openPath";
import { readSamples } from "../../../jobs/textSamples";
import { mostRunWeights, type SampleReason } from "../../../protocol/lessonFigures";
import { type ModelEngine, ModelRun, type OpenedModel } from "./modelRun";

/** The checkpoint that the lesson is about, as far as running it goes. */
export interface RunSubject {
  isSample: boolean;
  /** With packed weights as what they mean; absent when it could not be read. */
  content: { checkpoint: Checkpoint; parameters: number } | undefined;
  /** Where its configuration and tokenizer lie. */
  folder: Folder;
}

/** A run, and why it is not the reader's checkpoint's, where it is not. */
interface ChosenRun {
  run: ModelRun;
  reason?: SampleReason;
}

/** Models of up to so many weights are run on 1,024 tokens, about a second for the sample; larger ones on 256. */
const mostForLong = 20e6;
const tokensOfSample = 256;

/** Chooses the model that figures run: the checkpoint that the lesson is about where that can be done in seconds, else the sample. */
export class LessonModels {
  private readonly sample: ModelRun;
  private readonly chosen = new WeakMap<Checkpoint, Promise<ChosenRun>>();

  /** @param sampleFolder has the sample and the text that every model is run on */
  constructor(
    private readonly sampleFolder: string,
    private readonly engine: () => Promise<ModelEngine>,
    private readonly subject: () => RunSubject,
    private readonly life: AbortSignal,
  ) {
    this.sample = new ModelRun(() => openSample(sampleFolder, life), engine, life);
  }

  /** Does some work with the run of the lesson's checkpoint; with that of the sample where the former cannot be. */
  async figure<T extends object>(work: (run: ModelRun) => Promise<T>): Promise<T & { sampleReason?: SampleReason }> {
    const subject = this.subject();
    if (subject.isSample) return work(this.sample);
    const { content } = subject;
    if (!content) return { ...(await work(this.sample)), sampleReason: "failed" };
    const { run, reason } = await this.choose(subject, content);
    if (reason !== undefined) return { ...(await work(run)), sampleReason: reason };
    try {
      return await work(run);
    } catch (error) {
      if (error instanceof CancelledError || this.life.aborted) throw error;
      this.chosen.set(content.checkpoint, Promise.resolve({ run: this.sample, reason: "failed" }));
      return { ...(await work(this.sample)), sampleReason: "failed" };
    }
  }

  private choose(subject: RunSubject, content: NonNullable<RunSubject["content"]>): Promise<ChosenRun> {
    const { checkpoint } = content;
    const known = this.chosen.get(checkpoint);
    if (known) return known;
    const made = this.tryOut(subject.folder, content);
    this.chosen.set(checkpoint, made);
    made.catch(() => this.chosen.delete(checkpoint));
    return made;
  }

  private async tryOut(folder: Folder, { checkpoint, parameters }: NonNullable<RunSubject["content"]>): Promise<ChosenRun> {
    if (parameters > mostRunWeights) return { run: this.sample, reason: "large" };
    const model = await describeModel(checkpoint).catch(() => undefined);
    if (!model) return { run: this.sample, reason: "architecture" };
    const choice = { count: parameters > mostForLong ? 1 : 4, length: Math.min(tokensOfSample, model.context) };
    try {
      const opened = await samplesOf(checkpoint, folder, this.sampleFolder, choice, this.life);
      return { run: new ModelRun(() => Promise.resolve(opened), this.engine, this.life) };
    } catch (error) {
      if (error instanceof CancelledError || this.life.aborted) throw error;
      return { run: this.sample, reason: "tokenizer" };
    }
  }
}

/** The sample, and tokens of its calibration text. */
export async function openSample(sampleFolder: string, life: AbortSignal): Promise<OpenedModel> {
  const path = join(sampleFolder, "model.safetensors");
  const choice = { count: 4, length: tokensOfSample };
  return samplesOf(await openPath(path), await folderOf(path), sampleFolder, choice, life);
}

async function samplesOf(
  checkpoint: Checkpoint,
  folder: Folder,
  sampleFolder: string,
  choice: { count: number; length: number },
  life: AbortSignal,
): Promise<OpenedModel> {
  const text = { path: join(sampleFolder, "calibration.txt") };
  const { samples } = await readSamples(checkpoint, folder, text, choice, life);
  return { checkpoint, samples };
}
