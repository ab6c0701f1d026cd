/** What is to be said of a size, in English. The editor's texts are translations of these, by the same codes. */
export const noteTexts = {
  wider: "{0} tensors do not divide into blocks and take a wider type",
  matrices: "all weight matrices; other tensors as stored",
  proportions: "in the proportions of {0}",
  beside: "what sees or hears is a file of its own: about {0} in F16",
  mixture: "a llama-quantize file of this name mixes in other types: about {0}",
} as const;

export type NoteCode = keyof typeof noteTexts;

/** A note by its code, with what its text has in the place of `{0}`. */
export interface EstimateNote {
  code: NoteCode;
  value: string;
}

/** The note in English, for the command line. */
export function noteText({ code, value }: EstimateNote): string {
  return noteTexts[code].replace("{0}", value);
}
