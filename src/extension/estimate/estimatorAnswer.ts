import { UsageError } from "../../core/errors";
import type { ConfiguredModel } from "../../core/estimate/configShapes";
import { devices, usableBytes } from "../../core/estimate/devices";
import { estimateMemory } from "../../core/estimate/estimateMemory";
import { parseEstimateQuery } from "../../core/estimate/parseQuery";
import { modelWords } from "../../core/estimate/queryWords";
import type { EstimateAnswer, EstimateChoice, EstimateDevice } from "../../protocol/estimate";
import { type EstimateTexts, nameAndExplanation } from "./estimateText";

/** Every device of the list, as the page shows it. */
export const listedDevices: readonly EstimateDevice[] = devices.map((device) => ({
  id: device.id,
  name: device.name,
  kind: device.kind,
  gib: device.gib,
  usableGib: usableBytes(device) / 2 ** 30,
}));

/** The devices of a choice: smallest first, so that their lines and columns follow each other. */
function chosenDevices({ devices: ids, customGib }: EstimateChoice): EstimateDevice[] {
  const custom = customGib === undefined ? [] : [{ id: "custom", name: "", kind: "custom" as const, gib: customGib, usableGib: customGib }];
  return [...listedDevices.filter(({ id }) => ids.includes(id)), ...custom].sort((a, b) => a.usableGib - b.usableGib);
}

/**
 * Answers a question.
 *
 * @param model the chosen checkpoint or configuration; undefined for a number of weights
 * @param typed the line was edited: its context is meant, and becomes the choice's
 */
export function answerEstimator(
  choice: EstimateChoice,
  model: ConfiguredModel | undefined,
  typed: boolean,
  texts: EstimateTexts,
): { choice: EstimateChoice; answer: EstimateAnswer } {
  try {
    const isSize = choice.source === "size";
    const query = isSize ? parseEstimateQuery(choice.line) : {};
    const asked = typed && query.context !== undefined ? { ...choice, context: query.context } : choice;
    const chosen = chosenDevices(asked);
    const report = estimateMemory({
      ...(isSize ? { parameters: query.parameters, model: query.model, architecture: asked.shape } : { shapes: model?.shapes }),
      types: query.types ?? "every",
      context: asked.context,
      sequences: asked.sequences,
      kvType: asked.kvType,
      memories: chosen.map(({ usableGib }) => Math.floor(usableGib * 2 ** 30)),
    });
    const { rows, ...rest } = report;
    const answer: EstimateAnswer = {
      kind: "ready",
      ...rest,
      uncounted: isSize ? rest.uncounted : (model?.uncounted ?? []),
      modelWords: isSize ? modelWords(choice.line) : [],
      context: asked.context,
      sequences: asked.sequences,
      devices: chosen,
      rows: rows.map((row) => {
        const { type, kind, bitsPerWeight, bytes, parts, neededBytes, note } = row;
        const { name, explanation } = nameAndExplanation(row);
        const about = note === undefined ? {} : { note: texts.note(note) };
        const words = { type, name, explanation: texts.explanation(explanation), ...about };
        return { ...words, kind, bitsPerWeight, bytes, parts, neededBytes, devices: row.devices };
      }),
    };
    return { choice: asked, answer };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { choice, answer: { kind: "hint", message: error.message } };
  }
}
