import { t } from "../../ui/l10n";
import type { QuizText } from "./quizText";

/** Texts of quick checks: GPTQ, AWQ, calibration and what goes further. */
export const quizTextsMethods = {
  awqIdea: {
    question: () => t("What is the idea of AWQ?"),
    options: {
      right: {
        text: () => t("Scale the input channels that see large activations up before rounding"),
        why: () => t("Their weights get a smaller relative error. The inverse scale is folded into the operation before."),
      },
      moreBits: {
        text: () => t("Store important weights with more bits"),
        why: () => t("That is mixed precision. In AWQ, all weights of a layer have the same bits."),
      },
      lessImportant: {
        text: () => t("Remove weights that see small activations"),
        why: () => t("AWQ removes nothing: every weight is kept and rounded."),
      },
      retrain: {
        text: () => t("Train the model again with rounded weights"),
        why: () => t("That is quantization-aware training. AWQ only looks at activations of some text."),
      },
    },
  },
  gptqIdea: {
    question: () => t("How does GPTQ keep the error of a layer small?"),
    options: {
      right: {
        text: () => t("It rounds column by column and lets the remaining columns compensate the error"),
        why: () => t("How much each has to give, the Hessian of the layer’s error says: H = 2·X·Xᵀ from calibration activations."),
      },
      descent: {
        text: () => t("It trains the rounded weights with gradient descent"),
        why: () => t("GPTQ uses no gradients and trains nothing: it solves each layer once, with second-order information."),
      },
      largest: {
        text: () => t("It keeps the largest weights in FP16"),
        why: () => t("Keeping outliers in 16 bits is the idea of LLM.int8(). GPTQ rounds all weights."),
      },
      search: {
        text: () => t("It tries all combinations of codes"),
        why: () => t("There are far too many combinations. GPTQ goes through the columns once."),
      },
    },
  },
  rangeChoice: {
    question: () => t("Bits being equal, what decides most about the quality of a quantized model?"),
    options: {
      right: {
        text: () => t("How ranges and scales are chosen: calibration and granularity"),
        why: () => t("They decide how fine the levels are where the weights and activations are."),
      },
      speed: { text: () => t("The speed of the GPU"), why: () => t("A faster GPU computes the same rounded numbers, only sooner.") },
      fileFormat: {
        text: () => t("The file format"),
        why: () => t("A container such as safetensors stores codes and scales as they are given."),
      },
      rounding: {
        text: () => t("Whether codes are signed or unsigned"),
        why: () => t("Signed and unsigned codes of the same range stand for the same levels, with shifted zero-point."),
      },
    },
  },
  clipping: {
    question: () => t("Calibration chooses a range that is tighter than minimum to maximum. What is traded?"),
    options: {
      right: {
        text: () => t("Outliers get a larger error, all other values finer levels"),
        why: () => t("Whether that pays depends on how much the outliers matter, so measure it."),
      },
      free: {
        text: () => t("Nothing, because outliers hardly matter"),
        why: () => t("Outliers are few but can matter most: LLM.int8() and AWQ rest on that."),
      },
      allFiner: {
        text: () => t("Nothing, every value gets a smaller error"),
        why: () => t("Values beyond the range move to its end, however far that is."),
      },
      smaller: {
        text: () => t("Quality is traded for a smaller file"),
        why: () => t("The size depends on bits and number of scales, not on the range."),
      },
    },
  },
  dynamic: {
    question: () => t("What is dynamic about dynamic quantization?"),
    options: {
      right: {
        text: () => t("The ranges of activations are computed while the model runs"),
        why: () => t("It usually uses 8 bits and needs no calibration text."),
      },
      mixed: {
        text: () => t("Each layer gets its own number of bits"),
        why: () => t("That is mixed precision, which is decided before the model runs."),
      },
      calibrated: {
        text: () => t("Ranges of activations are measured on calibration text beforehand"),
        why: () => t("That is static quantization: ranges are fixed before the model runs."),
      },
      adapts: { text: () => t("The weights change with every input"), why: () => t("The weights are rounded once and stay as they are.") },
    },
  },
  asymmetric: {
    question: () => t("Where does asymmetric quantization usually pay?"),
    options: {
      right: {
        text: () => t("For activations after ReLU or GELU, and for very small groups"),
        why: () => t("There the values lie mostly on one side of zero, and a symmetric range would leave codes unused."),
      },
      always: {
        text: () => t("Everywhere, as it is never less accurate"),
        why: () => t("Near-symmetric weights gain little, zero-points take space, and many kernels want symmetric weights."),
      },
      weights: {
        text: () => t("For the weights of a whole tensor"),
        why: () => t("Trained weights are close to symmetric, so both ranges are nearly the same."),
      },
      never: {
        text: () => t("Nowhere, as zero would not be exact"),
        why: () => t("The zero-point is an integer just so that zero is exact."),
      },
    },
  },
} satisfies Record<string, QuizText>;
