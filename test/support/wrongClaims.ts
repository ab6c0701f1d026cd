/** A row of the errata: what the lesson says and no text of the product may. */
export interface WrongClaim {
  /** Number of its row. */
  row: number;
  /** In English and, where words matter, in German. A text that matches one of them makes the claim. */
  patterns: readonly RegExp[];
  /** As the lesson has it, and as it could be said otherwise: each is found by one of the patterns. */
  said: readonly string[];
  /** What is right and close to it: none of them is found. */
  right: readonly string[];
}

export const wrongClaims: readonly WrongClaim[] = [
  {
    row: 1,
    patterns: [
      /INT8(?:(?!INT4)[^.;"\n]){0,40}\b8(?:\s?[x×]|-fach|[- ]mal) (?:smaller|kleiner)/i,
      /INT4[^.;"\n]{0,40}\b16(?:\s?[x×]|-fach|[- ]mal) (?:smaller|kleiner)/i,
      /\b8\s?[x×] without losing/i,
    ],
    said: [
      "FP32 → INT8: 8x smaller",
      "FP32 → INT4: 16x smaller",
      "Compress models 8x without losing accuracy",
      "INT8 macht das Modell 8-mal kleiner",
    ],
    right: ["FP32 → INT8: 4x smaller", "FP32 → INT4: 8x smaller", "INT8 is 4× smaller, INT4 8× smaller"],
  },
  {
    row: 2,
    patterns: [/(?<![.,\d])26(?:[.,]0+)?\s?GB\b/, /(?<![.,\d])3[.,]25\s?GB\b/, /INT4[^;]{0,30}\b1[.,]60?\s?GB\b/i],
    said: ["A 7B model needs ~26 GB of VRAM", "FP32 takes 26.0 GB", "INT8 Quantized: 3.25 GB", "INT4 Quantized: 1.6 GB"],
    right: ["FP32 28.0 GB = 26.08 GiB", "3.26 GB", "INT8 7.0 GB = 6.52 GiB", "INT4 3.5 GB = 3.26 GiB"],
  },
  {
    row: 3,
    patterns: [/26[.,]?702[.,][89]/, /13[.,]?351[.,]4/, /6[.,]?675[.,]7/, /3[.,]?337[.,][89]/, /20[.,]?027[.,]2/, /23[.,]?365[.,]0/],
    said: ["FP32 (original): 26702.9 GB", "13351.44 GB", "6675.72 GB", "3337.86 GB", "INT8 Savings: 20027.2 GB", "23,365.0 GB"],
    right: ["26.08 GiB", "13.04 GiB"],
  },
  {
    row: 4,
    patterns: [
      /\b8\s?[x×](?:(?!INT4)[^.;"\n]){0,40}(?:INT8|\b75\s?%)/i,
      /INT8(?:(?!INT4)[^.;"\n]){0,40}\b8(?:\s?[x×]|-fache?) (?:compression|Kompression)/i,
    ],
    said: ["8x compression: INT8 quantization shrinks FP32 models by 75%", "INT8 gives 8x compression", "INT8: 8-fache Kompression"],
    right: ["INT8 saves 75 %: 4 times smaller", "INT4 takes an eighth, 8× smaller than FP32"],
  },
  {
    row: 5,
    patterns: [/\b[248]00(?:[.,]0)?\s?%/],
    said: ["Compression 400%", "200% vs FP32", "800 % of the original"],
    right: ["25 % of FP32", "100 % of the weights"],
  },
  {
    row: 6,
    patterns: [
      /shrinks to 3\.5 GB/i,
      /\b4-bit (?:files|formats|models|checkpoints)(?: \w+){0,3} exactly (?:4|four) bits/i,
      /4-Bit-(?:Dateien|Formate|Modelle)[^.;"]{0,30} genau (?:4|vier) Bit/i,
    ],
    said: ["The same 7B model shrinks to 3.5 GB", "4-bit formats take exactly 4 bits per weight"],
    right: ["4-bit formats take from about 4.1 to 4.5 bits per weight, or more"],
  },
  {
    row: 7,
    patterns: [/zero[- ]?point is always\b/i, /Nullpunkt ist immer\b/i],
    said: ["The zero-point is always 128 (the middle)", "Der Nullpunkt ist immer 128"],
    right: ["The zero-point is 128 for unsigned codes and 0 for signed ones"],
  },
  {
    row: 8,
    patterns: [/[-−]\d+[.,]\d+[-–−]+\d+[.,]\d+/],
    said: ["Range: -2.69-2.69", "−2.69–2.69"],
    right: ["[-2.69, 2.20]", "−2.69 … 2.20"],
  },
  {
    row: 9,
    patterns: [
      /\buse asymmetric\b[^.;"]{0,30}\bunless\b/i,
      /asymmetric[^.;"]{0,40}often achieves better/i,
      /uses all 256 integer levels/i,
      /asymmetrisch[^.;"]{0,40}es sei denn/i,
    ],
    said: [
      "Use asymmetric quantization unless you have a specific reason not to",
      "Asymmetric: more flexible and often achieves better accuracy because it uses all 256 integer levels efficiently",
    ],
    right: ["Asymmetric codes pay for activations behind ReLU or GELU"],
  },
  {
    row: 10,
    patterns: [/matters? (?:much|far|a lot) less\b/i, /(?:viel|weit) weniger (?:wichtig|ausmachen|an)\b/i],
    said: ["Weights outside the optimal quantization range matter much less than those near the center"],
    right: ["The few outliers beyond it can matter most"],
  },
  {
    row: 11,
    patterns: [
      /gradient-?based/i,
      /gradientenbasiert/i,
      /GPTQ(?:(?!\bno\b|\bnot\b)[^.;"]){0,40}\b(?:uses|follows|computes) (?:the )?gradients/i,
      /GPTQ(?:(?!\bkeine\b)[^.;"]){0,40}\bGradienten\b/i,
    ],
    said: ["GPTQ (Gradient-based)", "GPTQ uses gradients", "GPTQ ist gradientenbasiert", "GPTQ nutzt Gradienten"],
    right: ["GPTQ uses no gradients and trains nothing", "GPTQ verwendet keine Gradienten"],
  },
  {
    row: 12,
    patterns: [
      /less important weights get/i,
      /quantized more aggressively/i,
      /weniger wichtige Gewichte[^.;"]{0,60}(?:stärker|gröber|aggressiver)/i,
    ],
    said: ["Less important weights get quantized more aggressively", "Weniger wichtige Gewichte werden stärker quantisiert"],
    right: ["AWQ gives every weight the same bits"],
  },
  {
    row: 13,
    patterns: [
      /(?:less than|under|below|[<≤]|weniger als|unter)\s?1\s?% (?:of )?(?:the )?(?:accuracy|loss|Genauigkeit|Verlust)/i,
      /\b[24]\s?[-–]\s?[48]\s?[x×]/i,
      /\b(?:2-4|4-8)-?(?:fach| ?mal)/i,
      /(?:minimal|no) accuracy loss|without losing accuracy/i,
    ],
    said: [
      "while losing less than 1% accuracy",
      "well-quantized models lose <1% accuracy",
      "75% reduction, 2-4x faster",
      "4–8x speedup",
      "4-8 mal schneller",
      "with minimal accuracy loss",
    ],
    right: ["Whether that gains more depends on hardware, kernels and batch size"],
  },
  {
    row: 14,
    patterns: [
      /most likely to fit/i,
      /\b70B?\b(?:(?!\bnone\b|\bnot\b)[^.;"?]){0,60}\b(?:INT4|INT8|4-bit)\b(?:(?!\bnone\b|\bnot\b)[^.;"?]){0,30}\bfits?\b/i,
      /am ehesten (?:passt|passen|hinein)/i,
    ],
    said: ["Which quantization is most likely to fit?", "A 70B model in INT4 fits a device with 16 GB"],
    right: ["In none of them: even 4 bits need 32.6 GiB plus the KV cache"],
  },
  {
    row: 15,
    patterns: [
      /within[- ]5\s?%[^.;"]{0,8}\b(?:error|accuracy)\b/i,
      /accuracy across bit widths/i,
      /\baccuracy\b[: ]{1,3}\d+(?:\.\d+)?\s?%/i,
      /Genauigkeit (?:über|nach) Bitbreiten?/i,
    ],
    said: ["Within 5% Error: 80.0%", "Values within 5% error", "Accuracy Across Bit Widths", "Accuracy 78.7%"],
    right: ["“Within 5 %” is the share of weights. It is not the accuracy of the model"],
  },
  {
    row: 16,
    patterns: [
      /\byou only have 16\b/i,
      /NF4(?:(?!\bnot\b|unevenly|nicht)[^.;"]){0,40}(?:evenly spaced|gleichmäßig|in gleichen Abständen)/i,
      /\bsymmetric (?:codes|ranges|quantization)[^.;"]{0,30}\ball 256\b/i,
    ],
    said: ["With INT8, you have 256 possible values. With INT4, you only have 16.", "NF4 has 16 evenly spaced levels"],
    right: ["NF4 is a table of 16 levels, denser where weights are", "NF4: levels that are not evenly spaced"],
  },
  {
    row: 17,
    patterns: [
      /practical deployment is limited/i,
      /(?:1-bit|binariz\w+|ternary)[^.;"]{0,60}\bonly (?:for|in|of) research/i,
      /nur (?:für|in) (?:der |die )?Forschung/i,
    ],
    said: ["Some research models have been binarized, but practical deployment is limited", "1-bit is only for research"],
    right: ["BitNet b1.58 trains with them from the start, and GGUF stores such models"],
  },
  {
    row: 18,
    patterns: [
      /(?<!(?:Retired|Eingestellt) \()pip install auto-?(?:gptq|awq)/i,
      /official implementation of GPTQ/i,
      /fast and accurate AWQ/i,
    ],
    said: [
      "pip install auto-gptq",
      "pip install autoawq",
      "AutoGPTQ: Official implementation of GPTQ quantization",
      "AutoAWQ: Fast and accurate AWQ quantization",
    ],
    right: ["Retired (pip install auto-gptq). GPTQModel carries on"],
  },
  {
    row: 19,
    patterns: [/entropy[^.;"]{0,60}\bbest\b/i, /information loss\. Best accuracy/i, /Entropie[^.;"]{0,60}\b(?:beste|besten|am besten)\b/i],
    said: [
      "Entropy-based calibration on representative data gives best results",
      "Find the range that minimizes information loss. Best accuracy.",
      "Entropie: die beste Genauigkeit",
    ],
    right: ["No method is best everywhere"],
  },
  {
    row: 20,
    patterns: [/dynamic[^.;"]{0,80}state-of-the-art/i, /state-of-the-art (?:accuracy )?at low/i, /dynamisch[^.;"]{0,80}Stand der Technik/i],
    said: ["Dynamic quantization can achieve state-of-the-art accuracy at low bit widths"],
    right: ["Dynamic quantization computes ranges while the model runs, usually at 8 bits"],
  },
];

/** The wrong claims that a text makes, as it makes them; in prose from a file or a page, whatever its line ends. */
export function wrongClaimsIn(text: string): string[] {
  return wrongClaims.flatMap(({ row, patterns }) =>
    patterns.flatMap((pattern) => {
      const found = pattern.exec(text);
      return found ? [`${row}: ${found[0]}`] : [];
    }),
  );
}
