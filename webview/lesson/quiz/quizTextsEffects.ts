import { t } from "../../ui/l10n";
import type { QuizText } from "./quizText";

/** Texts of quick checks: what quantization does to tensors, sizes and devices. */
export const quizTextsEffects = {
  spikes: {
    question: () => t("After INT4 with one scale, the smooth histogram of a tensor has become a few spikes. Why?"),
    options: {
      right: {
        text: () => t("Every weight has moved to one of at most 16 levels"),
        why: () => t("All weights of a code decode to the same value, so they pile up there."),
      },
      lost: {
        text: () => t("Most weights have been removed"),
        why: () => t("That would be pruning. Each weight is still there, at a rounded value."),
      },
      noise: {
        text: () => t("Random noise was added"),
        why: () => t("Rounding is not random: the same weight always gets the same code."),
      },
      trained: {
        text: () => t("The model was trained further"),
        why: () => t("Rounding to nearest trains nothing; it looks at each weight once."),
      },
    },
  },
  withinFive: {
    question: () => t("A figure says that 90 % of a tensor’s values are “within 5 %”. What does that mean?"),
    options: {
      right: {
        text: () => t("For 90 % of the values the relative error is at most 5 %"),
        why: () => t("It counts values. How good the model still is, perplexity and KL divergence tell."),
      },
      accuracy: {
        text: () => t("The model’s answers are right in 90 % of cases"),
        why: () => t("It is about single weights. It is not the accuracy of a model."),
      },
      range: {
        text: () => t("90 % of the values lie in 5 % of the range"),
        why: () => t("It compares each value with itself before, not with the range."),
      },
      average: {
        text: () => t("The average error is 5 % of the largest value"),
        why: () => t("It is a share of values, not an average, and relative to each value itself."),
      },
    },
  },
  consumerGpu: {
    question: () => t("Which precision is usual for running a language model on a consumer GPU?"),
    options: {
      right: {
        text: () => t("4-bit weights with 16-bit activations, 8-bit weights where memory allows"),
        why: () => t("That is what Q4_K_M, AWQ and GPTQ files hold. Measure the loss on your own model."),
      },
      fp32: {
        text: () => t("32-bit weights and activations"),
        why: () => t("32 bits take twice the memory of the 16 in which most models are published."),
      },
      ternary: {
        text: () => t("1.58-bit weights for any model"),
        why: () => t("Ternary weights work well in models that were trained for them, such as BitNet b1.58."),
      },
      activations: {
        text: () => t("16-bit weights with 4-bit activations"),
        why: () => t("The weights take most of the memory, and activations with outliers are harder to round."),
      },
    },
  },
  seventyBillion: {
    question: () => t("In which of these precisions does a model of 70 billion weights fit into a device with 16 GB?"),
    options: {
      right: {
        text: () => t("In none of them"),
        why: (given) =>
          t("Even 4 bits need {0} GiB plus the KV cache. It takes about 1.5 bits per weight or less, or offloading.", ...given),
      },
      fp16: { text: () => t("FP16"), why: () => t("16 bits are 2 bytes a weight: 140 GB.") },
      int8: { text: () => t("INT8"), why: () => t("8 bits are one byte a weight: 70 GB.") },
      int4: {
        text: () => t("INT4"),
        why: (given) => t("4 bits are half a byte a weight: 35 GB = {0} GiB, more than twice what there is.", ...given),
      },
    },
  },
  bitsPerWeight: {
    question: (given) =>
      t("Codes have {0} bits, and each group of {1} weights has one FP16 scale. How many bits per weight is that?", ...given),
    options: {
      right: { why: (given) => t("{0} + 16 / {1}: the 16 bits of the scale are shared by {1} weights.", ...given) },
      noScale: { why: () => t("Those are the codes alone. The scales have to be stored, too.") },
      scalePerWeight: { why: (given) => t("That would be one scale for each weight. {1} weights share one.", ...given) },
      inverted: { why: (given) => t("Larger groups make scales cheaper: 16 / {1}, not {1} / 16.", ...given) },
    },
  },
} satisfies Record<string, QuizText>;
