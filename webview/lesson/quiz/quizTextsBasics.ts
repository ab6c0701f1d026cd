import { t } from "../../ui/l10n";
import type { QuizText } from "./quizText";

/** Texts of quick checks: why, mechanics and number line. */
export const quizTextsBasics = {
  int8Memory: {
    question: () => t("A model goes from FP32 to INT8. How much memory do its weights need?"),
    options: {
      right: { text: () => t("A quarter"), why: () => t("32 bits become 8: a quarter, before a few per cent for scales.") },
      eighth: { text: () => t("An eighth"), why: () => t("An eighth is what 4-bit codes need: 32 / 4.") },
      half: { text: () => t("Half"), why: () => t("Half is what FP16 and BF16 need: 32 / 2 = 16 bits.") },
      threeQuarters: { text: () => t("Three quarters"), why: () => t("Three quarters are what is saved. What remains is a quarter.") },
    },
  },
  modelSize: {
    question: (given) => t("{0} billion weights are stored with {1} bits each. How many GB (10⁹ bytes) is that, without scales?", ...given),
    unit: "GB",
    options: {
      right: { why: (given) => t("{0} · 10⁹ weights × {1} bits / 8 bits per byte.", ...given) },
      bitsForBytes: { why: () => t("These are gigabits: 8 bits are one byte.") },
      gibibytes: { why: () => t("This is the same size in GiB (2³⁰ bytes), not in GB (10⁹ bytes).") },
      halved: { why: () => t("This is what half as many bits would take.") },
    },
  },
  zeroPoint: {
    question: () => t("What is the zero-point?"),
    options: {
      right: {
        text: () => t("The integer code that stands for exactly 0.0"),
        why: () => t("Zeros are frequent (padding, ReLU), so one code has to mean exactly 0.0."),
      },
      middle: {
        text: () => t("The middle of the range"),
        why: () => t("Only where the range is symmetric. From −1 to 3, the middle is 1."),
      },
      smallest: {
        text: () => t("The smallest value that can be stored"),
        why: () => t("The smallest value gets the lowest code, the zero-point is the code of 0.0."),
      },
      offset: {
        text: () => t("A real number added to each weight before rounding"),
        why: () => t("It is an integer, and it is added after dividing by the scale and rounding."),
      },
    },
  },
  quantize: {
    question: (given) => t("The scale is {0} and the zero-point is {1}. Which code does {2} get?", ...given),
    options: {
      right: { why: (given) => t("round({2} / {0}) + {1}.", ...given) },
      noZeroPoint: { why: (given) => t("The zero-point is missing: after dividing and rounding, {1} is added.", ...given) },
      subtracted: { why: () => t("The zero-point was subtracted. That is done when decoding; coding adds it.") },
      multiplied: {
        why: (given) => t("{2} was multiplied by the scale. The scale is the width of a step: divide by it to count steps.", ...given),
      },
    },
  },
  dequantize: {
    question: (given) => t("The scale is {0} and the zero-point is {1}. Which value does the code {2} stand for?", ...given),
    options: {
      right: { why: (given) => t("({2} − {1}) × {0}.", ...given) },
      noZeroPoint: { why: (given) => t("The zero-point is missing: first subtract {1}, then multiply by the scale.", ...given) },
      added: { why: () => t("The zero-point was added. That is done when coding; decoding subtracts it.") },
      divided: { why: (given) => t("The steps were divided by the scale. A step is {0} wide, so multiply.", ...given) },
    },
  },
  levels: {
    question: (given) => t("How many different codes does a {0}-bit integer have?", ...given),
    options: {
      right: { why: (given) => t("Each bit doubles the number of codes: 2 to the power of {0}.", ...given) },
      restricted: {
        why: () => t("That many are used by symmetric codes of restricted range, which leave the lowest one out. There is one more."),
      },
      doubled: { why: (given) => t("Bits multiply rather than add up: {0} bits are {0} doublings.", ...given) },
      bits: { why: () => t("That is the number of bits. Each combination of them is a code.") },
    },
  },
  largestError: {
    question: (given) =>
      t("Levels are {0} apart and values are rounded to the nearest. How large can the error of a value inside the range be?", ...given),
    options: {
      right: { why: () => t("The worst value lies in the middle between two levels: half a step from both.") },
      whole: { why: () => t("A value that far from one level is exactly on the next.") },
      twice: { why: () => t("Between a value and its nearest level there is never a whole step.") },
      none: { why: () => t("Only values that lie exactly on a level have no error.") },
    },
  },
} satisfies Record<string, QuizText>;
