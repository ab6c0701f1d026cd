import type { DiagnosticList } from "../diagnosticList";
import { countOf, quoteName } from "../text";
import { globalSafety } from "./globals";
import type { PickleResult } from "./pickle/machine";
import type { GlobalUse } from "./pickle/objects";

/** Where a pickle lies, for messages. */
export interface PicklePlace {
  /** Name of the file. */
  readonly file: string;
  /** What the pickle is called: a record of an archive, or the file. */
  readonly pickle: string;
  /** Offset in the file of the pickle's byte 0; undefined when it is compressed. */
  readonly start?: number;
  /** Whether it is part of a TorchScript archive. */
  readonly isScript: boolean;
}

const safeHint = "Nothing of it was run here. Load the file with torch.load(weights_only=True) only, or ask its author for safetensors.";

/** Reports everything that would run code when PyTorch loads the pickle, and a pickle that cannot be followed to its end. */
export function reportPickle(result: PickleResult, place: PicklePlace, diagnostics: DiagnosticList): void {
  const uses = [...result.globals.entries()].map(([name, use]) => ({ name, use, safety: globalSafety(name, place.isScript) }));
  for (const { name, use, safety } of uses) if (safety === "unsafe") reportUnsafe(name, use, place, diagnostics);
  for (const { name, use, safety } of uses) if (safety === "refused") reportRefused(name, use, place, diagnostics);
  const { failure } = result;
  if (!failure) return;
  diagnostics.add("error", "torch.bad-pickle", `${quoteName(place.pickle)} cannot be followed to its end; what was read before is shown`, {
    file: place.file,
    offset: offsetOf(place, failure.at),
    expected: failure.expected,
    found: failure.found,
    hint: "The file is damaged, or was made to break off after code has run. Download it again from a source that you trust.",
  });
}

function reportUnsafe(name: string, use: GlobalUse, place: PicklePlace, diagnostics: DiagnosticList): void {
  const what = use.isCalled ? "call" : "import";
  diagnostics.add(
    "error",
    "torch.unsafe-global",
    `Loading this file with torch.load would ${what} ${quoteName(name)}${where(place, use)}`,
    {
      file: place.file,
      offset: offsetOf(place, use.at),
      expected: "only functions that rebuild tensors",
      found: name.slice(0, 200),
      hint: safeHint,
    },
  );
}

function reportRefused(name: string, use: GlobalUse, place: PicklePlace, diagnostics: DiagnosticList): void {
  diagnostics.add(
    "warning",
    "torch.refused-global",
    `The file has an object of ${quoteName(name)}, which PyTorch's safe loader refuses${where(place, use)}`,
    {
      file: place.file,
      offset: offsetOf(place, use.at),
      expected: "only functions that rebuild tensors",
      found: name.slice(0, 200),
      hint: "Save only the state_dict, with torch.save(model.state_dict(), …). The tensors of the object are shown all the same.",
    },
  );
}

function where(place: PicklePlace, { at }: GlobalUse): string {
  return ` (byte ${countOf(at)} of ${quoteName(place.pickle)})`;
}

function offsetOf({ start }: PicklePlace, at: number): number | undefined {
  return start === undefined ? undefined : start + at;
}
