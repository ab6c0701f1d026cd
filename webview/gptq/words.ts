import type { GptqFigures, GptqSettings } from "../../src/protocol/gptq";
import { count, missing, significant } from "../ui/format";
import { t } from "../ui/l10n";

/** `groups of 128`, as a part of a sentence. */
export function groupsText(size: number): string {
  return size === -1 ? t("whole rows") : t("groups of {0}", count(size));
}

/** How large one error is beside another: `0.41×`. */
export function times(value: number | null | undefined, of: number | null | undefined): string {
  if (value === null || value === undefined || !of) return missing;
  return `${significant(value / of, 2)}×`;
}

/** What the page is about, in a sentence; undefined while it is not known. */
export function chosenSentence({ gptq, rtn }: GptqFigures, { bits, groupSize }: GptqSettings): string | undefined {
  if (!gptq || !rtn) return undefined;
  return t(
    "GPTQ's output error at {0} bits, {1}, is {2} that of round-to-nearest on activations it did not see.",
    count(bits),
    groupsText(groupSize),
    times(gptq.outputError, rtn.outputError),
  );
}

/** Why errors of weights rank nothing, with those of this layer. */
export function weightSentence({ gptq, rtn }: GptqFigures): string {
  const why = t(
    "Methods are ranked by output error on activations they did not see, never by weight RMSE: the next layer gets the outputs, and in these the errors of weights can make up for each other.",
  );
  if (!gptq || !rtn) return why;
  const here = t(
    "Here GPTQ has {0} the weight RMSE of round-to-nearest, and {1} its output error.",
    times(gptq.weightRmse, rtn.weightRmse),
    times(gptq.outputError, rtn.outputError),
  );
  return `${why} ${here}`;
}
