/** A file type of llama-quantize: a name for a mixture of tensor types. */
export interface FileType {
  /** As on llama-quantize's command line: `Q4_K_M`. */
  readonly name: string;
  /** `llama_ftype`, stored as `general.file_type`. */
  readonly id: number;
  /** ggml type of every weight matrix that no rule moves to another. */
  readonly base: string;
  /** llama-quantize refuses to make it without an importance matrix. */
  readonly needsImportance: boolean;
}

const importanceOnly = ["IQ3_XS", "IQ3_XXS", "Q2_K_S", "IQ2_M", "IQ2_S", "IQ2_XS", "IQ2_XXS", "IQ1_M", "IQ1_S"];

function fileType(id: number, name: string, base = name): FileType {
  return { name, id, base, needsImportance: importanceOnly.includes(name) };
}

/** Every file type the recipe is verified for. Source: llama.cpp `include/llama.h`, `src/llama-quant.cpp`. */
export const fileTypes: readonly FileType[] = [
  fileType(0, "F32"),
  fileType(1, "F16"),
  fileType(32, "BF16"),
  fileType(7, "Q8_0"),
  fileType(18, "Q6_K"),
  fileType(9, "Q5_1"),
  fileType(17, "Q5_K_M", "Q5_K"),
  fileType(16, "Q5_K_S", "Q5_K"),
  fileType(8, "Q5_0"),
  fileType(3, "Q4_1"),
  fileType(15, "Q4_K_M", "Q4_K"),
  fileType(14, "Q4_K_S", "Q4_K"),
  fileType(2, "Q4_0"),
  fileType(25, "IQ4_NL"),
  fileType(30, "IQ4_XS"),
  fileType(38, "MXFP4_MOE", "MXFP4"),
  fileType(13, "Q3_K_L", "Q3_K"),
  fileType(12, "Q3_K_M", "Q3_K"),
  fileType(11, "Q3_K_S", "Q3_K"),
  fileType(27, "IQ3_M", "IQ3_S"),
  fileType(26, "IQ3_S"),
  fileType(22, "IQ3_XS", "IQ3_S"),
  fileType(23, "IQ3_XXS"),
  fileType(10, "Q2_K"),
  fileType(21, "Q2_K_S", "Q2_K"),
  fileType(29, "IQ2_M", "IQ2_S"),
  fileType(28, "IQ2_S", "IQ2_XS"),
  fileType(20, "IQ2_XS"),
  fileType(19, "IQ2_XXS"),
  fileType(41, "Q2_0"),
  fileType(37, "TQ2_0"),
  fileType(36, "TQ1_0"),
  fileType(31, "IQ1_M"),
  fileType(24, "IQ1_S"),
  fileType(40, "Q1_0"),
];

const byName = new Map(fileTypes.map((type) => [type.name, type]));

/** The file type called `name`, in any case. */
export function findFileType(name: string): FileType | undefined {
  return byName.get(name.toUpperCase());
}
