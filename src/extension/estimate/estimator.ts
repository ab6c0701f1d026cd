import { FormatError, UsageError } from "../../core/errors";
import { cacheTypes } from "../../core/estimate/cacheShape";
import type { ConfiguredModel } from "../../core/estimate/configShapes";
import { referenceNames } from "../../core/estimate/referenceModels";
import type { EstimateAnswer, EstimateChoice, EstimatePicture } from "../../protocol/estimate";
import { Emitter } from "../emitter";
import type { EstimateTexts } from "./estimateText";
import { answerEstimator, listedDevices } from "./estimatorAnswer";

/** How the estimator gets at models. */
export interface ModelReader {
  /** Shapes of the checkpoint at a URI. @throws FormatError */
  checkpoint(uri: string): Promise<ConfiguredModel>;
  /** Shapes that the config.json at a URI describes. @throws FormatError, UsageError */
  config(uri: string): Promise<ConfiguredModel>;
  nameOf(uri: string): string;
}

/** What the Size Estimator is asked, and its answers. Lives as long as its panel; pages come and go. */
export class Estimator {
  private readonly chosen = new Emitter<void>();
  private readonly models = new Map<string, Promise<ConfiguredModel>>();
  private current: EstimateChoice;
  private last: EstimateAnswer | undefined;

  /** Something else than the page chose. */
  readonly onDidChoose = this.chosen.event;

  constructor(
    private readonly reader: ModelReader,
    private readonly texts: EstimateTexts,
    choice: EstimateChoice,
  ) {
    this.current = choice;
  }

  get choice(): EstimateChoice {
    return this.current;
  }

  /** What the page shows; undefined before the first question. */
  get answer(): EstimateAnswer | undefined {
    return this.last;
  }

  /** Makes a choice from outside the page. A file is read again. */
  choose(choice: EstimateChoice): void {
    this.current = choice;
    this.models.clear();
    this.chosen.fire();
  }

  async ask(choice: EstimateChoice, typed: boolean): Promise<{ choice: EstimateChoice; answer: EstimateAnswer }> {
    this.current = choice;
    const answered = await this.answered(choice, typed);
    // A newer question may have come while a file was read.
    if (this.current === choice) {
      this.current = answered.choice;
      this.last = answered.answer;
    }
    return answered;
  }

  /** All that can be chosen, and the names of what is. */
  choices({ checkpoint, config }: EstimateChoice): Pick<EstimatePicture, "names" | "devices" | "kvTypes" | "shapes"> {
    return {
      names: {
        ...(checkpoint === undefined ? {} : { checkpoint: this.reader.nameOf(checkpoint) }),
        ...(config === undefined ? {} : { config: this.reader.nameOf(config) }),
      },
      devices: [...listedDevices],
      kvTypes: [...cacheTypes],
      shapes: [...referenceNames],
    };
  }

  private async answered(choice: EstimateChoice, typed: boolean): Promise<{ choice: EstimateChoice; answer: EstimateAnswer }> {
    try {
      return answerEstimator(choice, await this.model(choice), typed, this.texts);
    } catch (error) {
      if (!(error instanceof FormatError || error instanceof UsageError)) throw error;
      return { choice, answer: { kind: "hint", message: error.message } };
    }
  }

  private model({ source, checkpoint, config }: EstimateChoice): Promise<ConfiguredModel> | undefined {
    const uri = source === "checkpoint" ? checkpoint : source === "config" ? config : undefined;
    if (uri === undefined) return undefined;
    const key = `${source} ${uri}`;
    const known = this.models.get(key);
    if (known) return known;
    const reading = source === "config" ? this.reader.config(uri) : this.reader.checkpoint(uri);
    this.models.set(key, reading);
    reading.catch(() => this.models.delete(key));
    return reading;
  }
}
