import type { SourceModel } from "../../core/convert/sourceModel";
import { UsageError } from "../../core/errors";
import { compensatedFormats } from "../../core/gptq/compensatedRows";
import { describeModel } from "../../core/model/describe";
import type { WritePlan } from "../../core/recipe/preflight";
import type { Checkpoint } from "../../core/tensor/checkpoint";
import { blockTargets, withFinishedBlocks } from "./blockLayers";
import type { CalibratedWrite } from "./calibratedWrite";
import { type Calibration, layerMethods } from "./calibration";
import { integerProvider, integerTargets } from "./integerLayers";

/** How layers are to be quantized, and what that was given to work with. */
interface MethodRequest {
  readonly method?: string;
  readonly calibration?: Calibration;
}

/** What the method asked for needs; undefined for those that need nothing. @throws UsageError `unknown-method`, `no-calibration` */
export function calibrationOf({ method = "rtn", calibration }: MethodRequest): Calibration | undefined {
  const found = layerMethods.find((name) => name === method.toLowerCase());
  if (!found) {
    throw new UsageError("unknown-method", `"${method}" is no method to quantize layers`, {
      found: method,
      expected: layerMethods.join(", "),
    });
  }
  if (found === "rtn") return undefined;
  if (calibration?.method === found) return calibration;
  throw new UsageError("no-calibration", `${method} needs a text to run the model on`, { hint: "Give a --text." });
}

/** Layers of integers for other loaders. @throws UsageError, FormatError for models that cannot be run */
export async function calibratedIntegers(
  checkpoint: Checkpoint,
  plan: WritePlan,
  calibration: Calibration,
  out: string,
): Promise<CalibratedWrite> {
  const targets = integerTargets(plan, await describeModel(checkpoint), calibration);
  return {
    checkpoint,
    calibration,
    targets,
    out,
    finish: async (same, store) => ({ plan: same, layers: integerProvider(store, targets) }),
  };
}

/** Layers of ggml blocks. @throws UsageError `not-for-gguf`, `nothing-to-calibrate`; UsageError, FormatError for models that cannot be run */
export async function calibratedBlocks(
  checkpoint: Checkpoint,
  model: SourceModel,
  plan: WritePlan,
  calibration: Calibration,
  out: string,
): Promise<CalibratedWrite> {
  if (calibration.method !== "gptq") {
    throw new UsageError("not-for-gguf", `${calibration.method} makes integers with scales that GGUF files do not have`, {
      found: calibration.method,
      expected: "gptq",
    });
  }
  const found = blockTargets(checkpoint, model, plan, await describeModel(checkpoint), calibration);
  if (found.targets.size === 0) {
    throw new UsageError("nothing-to-calibrate", "No layer gets a type whose errors can be made up for", {
      expected: compensatedFormats.map(({ id }) => id).join(", "),
      hint: "Choose a type such as Q4_K_M, or leave --method out.",
    });
  }
  return {
    checkpoint,
    calibration,
    targets: found.targets,
    out,
    finish: async (same, store) => ({ plan: await withFinishedBlocks(same, found, store) }),
  };
}
