import type { ComparedMethod, ComparedSetting } from "../../core/gptq/comparedSetting";
import { defaultGptqOptions, type GptqOptions } from "../../core/gptq/options";
import { findScheme, isAffineScheme } from "../../core/quant/registry";
import { layerBits } from "../../protocol/playground";

/** What GPTQ and AWQ leave as it is when only the bits change. */
export type CalibratedForm = Pick<GptqOptions, "groupSize" | "symmetric">;

/** Options of the methods for an affine scheme; undefined for one whose form they do not have. */
export function calibratedOptions(scheme: string): GptqOptions | undefined {
  const affine = findScheme(scheme);
  if (!isAffineScheme(affine) || affine.chooseRange) return undefined;
  const { granularity, symmetric } = affine;
  const bits = layerBits.find((offered) => offered === affine.bits);
  if (bits === undefined || granularity.kind === "tensor") return undefined;
  return { ...defaultGptqOptions, bits, symmetric, groupSize: granularity.kind === "channel" ? -1 : granularity.size };
}

/** The scheme that has the same codes, scales and zero-points as what a setting makes. */
export function schemeOfSetting({ options: { bits, groupSize, symmetric } }: ComparedSetting): string {
  return `int${bits}${symmetric ? "-sym" : ""}${groupSize === -1 ? "-channel" : `-g${groupSize}`}`;
}

export function settingIn(form: CalibratedForm, bits: GptqOptions["bits"], method: ComparedMethod): ComparedSetting {
  return { method, options: { ...defaultGptqOptions, bits, groupSize: form.groupSize, symmetric: form.symmetric } };
}
