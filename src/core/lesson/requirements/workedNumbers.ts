import { sizeAtBits } from "../../estimate/sizeAtBits";
import { mechanics } from "../mechanics";
import { makeProblem, type QuizId, rightOption } from "../quiz/quizzes";
import type { Requirement } from "./requirement";

/** A number that the lesson works out, or that the errata correct. */
export interface WorkedNumber {
  id: string;
  what: string;
  /** By the functions that the page uses. */
  computed: string;
  expected: string;
}

/** The range of the worked example. */
const example = { low: -2.5, high: 3.1, bits: 8, value: 0.5 };
/** Weights of the model whose memory is worked out. */
const weights = 7e9;

/** The right answer to a check with the lesson's own numbers. */
function answerOf(quiz: QuizId): string {
  return String(makeProblem(quiz, 0).options.find(({ id }) => id === rightOption)?.value);
}

function memory(): WorkedNumber[] {
  const expected: [bits: number, gigabytes: string, gibibytes: string][] = [
    [32, "28.0", "26.08"],
    [16, "14.0", "13.04"],
    [8, "7.0", "6.52"],
    [4, "3.5", "3.26"],
  ];
  return expected.flatMap(([bits, gigabytes, gibibytes]) => {
    const { bytes } = sizeAtBits(weights, bits);
    return [
      { id: `memory${bits}.gb`, what: `7.0e9 weights of ${bits} bits, GB`, computed: (bytes / 1e9).toFixed(1), expected: gigabytes },
      { id: `memory${bits}.gib`, what: `7.0e9 weights of ${bits} bits, GiB`, computed: (bytes / 2 ** 30).toFixed(2), expected: gibibytes },
    ];
  });
}

/** Works out every number anew. */
export function workedNumbers(): WorkedNumber[] {
  const [way] = mechanics(example).ways;
  const { scale, zeroPoint, codes, decoded } = way!;
  return [
    { id: "scale", what: "Scale of [-2.5, 3.1] at 8 bits", computed: scale.toFixed(7), expected: "0.0219608" },
    { id: "zeroPoint", what: "Zero-point of the same", computed: String(zeroPoint), expected: "114" },
    { id: "codeLow", what: "Code of -2.5", computed: String(codes.low), expected: "0" },
    { id: "codeValue", what: "Code of 0.5", computed: String(codes.value), expected: "137" },
    { id: "codeHigh", what: "Code of 3.1", computed: String(codes.high), expected: "255" },
    { id: "decoded", what: "Value of code 137", computed: decoded.toFixed(6), expected: "0.505098" },
    { id: "quantize", what: "Code of 5.1 at scale 0.05 and zero-point 100", computed: answerOf("quantize"), expected: "202" },
    { id: "levels", what: "Codes of INT4", computed: answerOf("levels"), expected: "16" },
    ...memory(),
  ];
}

/** Where the numbers are on the page: as they are written there. */
export const numberRequirements: readonly Requirement[] = (
  [
    ["scale", "mechanics", "ol.steps li", "5.6 / 255 = 0.0219608"],
    ["zeroPoint", "mechanics", "ol.steps li", "= 114"],
    ["codeLow", "mechanics", "table.ways tbody tr:first-child td:nth-child(4)", "0"],
    ["codeValue", "mechanics", "ol.steps li", "= 137"],
    ["codeHigh", "mechanics", "table.ways tbody tr:first-child td:nth-child(7)", "255"],
    ["decoded", "mechanics", "ol.steps li", "= 0.505098"],
    ["quantize", "mechanics", "fieldset:has(input[name=quiz-quantize]) .opt[data-option=right]", "202"],
    ["levels", "numberLine", "fieldset:has(input[name=quiz-levels]) .opt[data-option=right]", "16"],
    ["memory32", "why", ".size-cards dd", "28.0 GB = 26.08 GiB"],
    ["memory16", "impact", "table[aria-label='Size of the weights by format'] tbody tr", "13.04 GiB"],
    ["memory8", "why", ".size-cards dd", "7.00 GB = 6.52 GiB"],
    ["memory4", "why", ".size-cards dd", "3.50 GB = 3.26 GiB"],
  ] as const
).map(([id, section, selector, text]) => ({
  id: `number.${id}`,
  kind: "number",
  what: "A worked number, as it is written",
  servedBy: { page: "lesson", section, selector, text },
}));
