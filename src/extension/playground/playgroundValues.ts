import type { TensorStats } from "../../core/measure/reports";
import type { Checkpoint } from "../../core/tensor/checkpoint";
import type { Engine } from "../../jobs/engine";
import type { PlaygroundState, PlaygroundTensor } from "../../protocol/playground";
import type { CheckpointDocument, ReadyContent } from "../document/checkpointDocument";
import { invalid } from "../editor/pageSession";

/** Values of a tensor that is measured as a whole, and whose statistics are waited for: they take less time than a figure. */
export const quickValues = 2 ** 24;

/** The values that are played with. */
export interface PlayedValues {
  checkpoint: Checkpoint;
  tensor: number;
  stats?: TensorStats;
}

/** What tells the values of two states apart. */
export function keyOf({ data, tensor, shaped }: PlaygroundState): string {
  return data === "shaped" ? JSON.stringify(shaped) : tensor;
}

/** The tensors that have values, largest first. */
export function playableTensors({ snapshot }: ReadyContent): Omit<PlaygroundTensor, "isLinear">[] {
  return snapshot.tensors
    .filter(({ decodable, parameters }) => decodable && parameters > 0)
    .map(({ name, dtype, shape, parameters }) => ({ name, dtype, shape, parameters }))
    .sort((a, b) => b.parameters - a.parameters);
}

/** Where the values that a state names are: in the checkpoint, or drawn, once for each shape. */
export class PlaygroundValues {
  private drawn: { key: string; values: Promise<PlayedValues>; life: AbortController } | undefined;
  private readonly life = new AbortController();

  constructor(
    private readonly document: CheckpointDocument,
    private readonly engine: () => Promise<Pick<Engine, "stats" | "draw">>,
  ) {}

  /** @throws ResponseError where there are none; CancelledError when others are wanted in their place */
  find(state: PlaygroundState): Promise<PlayedValues> {
    return state.data === "shaped" ? this.shaped(state) : this.stored(state);
  }

  /** Of the tensor that is played with where one of this name is asked for; undefined where there is none. */
  nameOf(name: string): string | undefined {
    const { content } = this.document;
    return content?.kind === "ready" ? tensorNamed(content, name)?.name : undefined;
  }

  dispose(): void {
    this.life.abort();
    this.drawn?.life.abort();
  }

  private async stored({ tensor: name }: PlaygroundState): Promise<PlayedValues> {
    const { content } = this.document;
    if (content?.kind !== "ready") return invalid("the checkpoint could not be read");
    const row = tensorNamed(content, name) ?? invalid("the checkpoint has no values");
    const { measurements, checkpoint, snapshot } = content;
    const tensor = snapshot.tensors.findIndex((candidate) => candidate.name === row.name);
    // Not withdrawn with the request: figures that are begun are kept for the next.
    const stats = row.parameters <= quickValues ? await measurements.detail(tensor, this.life.signal) : measurements.find(tensor);
    return { checkpoint, tensor, ...(stats ? { stats } : {}) };
  }

  private shaped(state: PlaygroundState): Promise<PlayedValues> {
    const key = keyOf(state);
    if (this.drawn?.key === key && !this.drawn.life.signal.aborted) return this.drawn.values;
    this.drawn?.life.abort();
    const life = new AbortController();
    const values = this.draw(state, life.signal);
    // Whoever waits for it is told; here it is only not to be kept.
    values.catch(() => life.abort());
    this.drawn = { key, values, life };
    return values;
  }

  private async draw({ shaped }: PlaygroundState, signal: AbortSignal): Promise<PlayedValues> {
    const engine = await this.engine();
    const context = { signal, progress: () => undefined };
    const checkpoint = await engine.draw(shaped, context);
    const { tensors } = await engine.stats({ checkpoint }, context);
    return { checkpoint, tensor: 0, stats: tensors[0] };
  }
}

/** The tensor of a name, or else the largest. */
function tensorNamed(content: ReadyContent, name: string): Omit<PlaygroundTensor, "isLinear"> | undefined {
  const playable = playableTensors(content);
  return playable.find((tensor) => tensor.name === name) ?? playable[0];
}
