import { usualDevices } from "../../../core/estimate/devices";
import { estimateSize } from "../../../core/estimate/estimateSize";
import type { ModelSize } from "../../../protocol/lesson";
import type { DeviceFit } from "../../../protocol/lessonFigures";
import { listedDevices } from "../../estimate/estimatorAnswer";

/** Codes alone, as models are spoken of: no scales. */
const nominalTypes = ["FP32", "FP16", "INT8", "INT4"];
/** Types that files have, and that can be measured on a tensor. */
export const storedTypes = ["fp8-e4m3", "Q8_0", "Q6_K", "Q5_K", "Q4_K", "int4-g128", "nf4-dq", "Q2_K"];
/** Formats of the size figures, by identifiers of the estimator. */
const sizedTypes = [...nominalTypes, ...storedTypes];
/** From a phone to a GPU of a data center. */
const shownDevices = [...usualDevices, "h100"];

/** A model of so many weights in the formats that the lesson speaks of, widest first. */
export function modelSizes(parameters: number): ModelSize[] {
  const { rows } = estimateSize({ parameters, types: sizedTypes });
  // A name also stands for its variants.
  const listed = sizedTypes.flatMap((name) => rows.filter(({ type }) => type === name));
  const whole = listed.find(({ type }) => type === "FP32")!.bytes;
  return listed.map(({ type, label, bitsPerWeight, bytes }) => ({ type, label, bitsPerWeight, bytes, timesSmaller: whole / bytes }));
}

/** Where those formats fit: their weights alone, without the KV cache of a conversation. Smallest device first. */
export function deviceFits(parameters: number): DeviceFit[] {
  const sizes = modelSizes(parameters);
  return listedDevices
    .filter(({ id }) => shownDevices.includes(id))
    .map((device) => ({
      ...device,
      types: sizes.filter(({ bytes }) => bytes <= device.usableGib * 2 ** 30).map(({ type }) => type),
    }))
    .sort((a, b) => a.usableGib - b.usableGib);
}
