import { knownScheme } from "../../core/quant/registry";
import { nameAndExplanation } from "./estimateText";
import { localizedTexts } from "./localizedTexts";

/** What a list of choices calls a type, and what it is in the language of the editor: nothing where its name says that. */
export function typeWords(type: string): { name: string; explanation: string } {
  const label = knownScheme(type)?.label;
  if (label === undefined) return { name: type, explanation: "" };
  const { name, explanation } = nameAndExplanation({ type, label });
  return { name, explanation: localizedTexts.explanation(explanation) };
}
