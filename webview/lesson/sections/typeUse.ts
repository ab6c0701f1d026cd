import { t } from "../../ui/l10n";

/** What a format is used for, in a few words. */
export function typeUse(type: string): string {
  switch (type) {
    case "FP32":
      return t("training, reference");
    case "FP16":
      return t("inference on GPUs, what most checkpoints store");
    case "INT8":
    case "INT4":
      return t("the codes of a format, without its scales");
    case "fp8-e4m3":
      return t("servers with FP8 hardware");
    case "Q8_0":
      return t("GGUF where memory allows");
    case "Q6_K":
    case "Q5_K":
      return t("GGUF, close to the original");
    case "Q4_K":
      return t("GGUF, local inference");
    case "Q2_K":
      return t("GGUF where nothing else fits");
    case "int4-g128":
      return t("GPTQ and AWQ checkpoints");
    case "nf4-dq":
      return t("bitsandbytes, fine-tuning with QLoRA");
    default:
      return "";
  }
}
