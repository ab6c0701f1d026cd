import type { SettingErrors } from "../../../src/core/gptq/comparedSetting";
import { type GptqFigures, type GptqPicture, gptqProtocol, type GptqSettings, type OfferedLayer } from "../../../src/protocol/gptq";
import { NotedPageHost } from "./notedPageHost";

export type ReadyGptq = Extract<GptqPicture, { kind: "ready" }>;

export const syntheticSettings: GptqSettings = { bits: 4, groupSize: 128, damping: 0.01, symmetric: true, order: "stored" };

const kinds = ["q_proj", "down_proj"];
const layers = Array.from({ length: 4 }, (_, place): OfferedLayer => {
  const block = Math.floor(place / kinds.length);
  return { tensor: `model.layers.${block}.block.${kinds[place % kinds.length]}.weight`, block, rows: 256, columns: 768 };
});

/** Errors of a method over 96 runs of 8 columns, every tenth of which makes up for others. */
function errors(outputError: number, weightRmse: number): SettingErrors {
  const output = Array.from({ length: 96 }, (_, run) => (run % 10 === 9 ? -0.1 : 1 + Math.sin(run / 5) ** 2) * (outputError / 128));
  return {
    outputError,
    weightRmse,
    damping: 0.01,
    columns: { width: 8, output, weightRmse: output.map((_, run) => weightRmse * (1 + (run % 7) / 20)) },
  };
}

/** GPTQ has 0.4 times the output error of rounding, and weights that are further off. */
export function syntheticFigures(patch: Partial<GptqFigures> = {}): GptqFigures {
  const point = (value: number, rtn: number, share = 0.4) => ({ value, rtn, gptq: share * rtn });
  return {
    sweeps: {
      damping: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5].map((value, i) => point(value, 0.01, 0.38 + 0.01 * Math.abs(i - 2))),
      groupSize: [32, 64, 128, -1].map((value, i) => point(value, 0.006 + 0.002 * i)),
      bits: [2, 3, 4, 8].map((value) => point(value, 2 * 4 ** -value, 0.3 + value / 40)),
    },
    gptq: errors(0.004, 0.0033),
    rtn: errors(0.01, 0.003),
    ...patch,
  };
}

/** A layer of which everything is measured. */
export function readyGptq(patch: Partial<ReadyGptq> = {}): ReadyGptq {
  return {
    kind: "ready",
    name: "synthetic.safetensors",
    uri: "file:///synthetic.safetensors",
    choice: { samples: 8, length: 128, settings: syntheticSettings },
    layers,
    layer: 1,
    text: { name: "words.txt", tokens: { calibration: 768, heldOut: 256 } },
    figures: syntheticFigures(),
    run: { kind: "done", elapsedMs: 900 },
    locale: "en",
    strings: {},
    ...patch,
  };
}

/** A host of a GPTQ page whose picture is the test's. What the page asks is noted. */
export class ScriptedGptqHost extends NotedPageHost {
  constructor(private readonly picture: () => GptqPicture) {
    super();
  }

  protected override answer(): void {
    const p = gptqProtocol;
    this.connection.onRequest(p.initialize, () => this.picture());
    this.note([p.start, p.cancel, p.chooseText, p.setLayer, p.setSettings, p.openTensor, p.save], p.save);
  }
}
