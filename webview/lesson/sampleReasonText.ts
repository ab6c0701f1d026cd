import { mostRunWeights, type RunFigure } from "../../src/protocol/lessonFigures";
import { compact } from "../ui/format";
import { t } from "../ui/l10n";

/** Why a figure is of the sample and not of the reader's checkpoint; empty where it is of what the lesson is about. */
export function sampleReasonText({ sampleReason }: RunFigure): string {
  switch (sampleReason) {
    case "large":
      return t("This is the sample: a checkpoint of more than {0} weights would take too long to run.", compact(mostRunWeights));
    case "architecture":
      return t("This is the sample: the checkpoint’s architecture is not one that Quantscope can run.");
    case "tokenizer":
      return t("This is the sample: the checkpoint has no tokenizer that turns the text into its tokens.");
    case "failed":
      return t("This is the sample: the checkpoint could not be run.");
    case undefined:
      return "";
  }
}
