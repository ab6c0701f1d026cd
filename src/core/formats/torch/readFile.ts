import { FormatError } from "../../errors";
import type { RandomAccessFile } from "../../file";
import type { DiagnosticList } from "../diagnosticList";
import { quoteName } from "../text";
import { isZip } from "../zip/zip";
import { readTorchArchive } from "./archive";
import type { TorchContent } from "./content";
import { reportPickle } from "./findings";
import { isLegacyTorch, isPickle, readLegacyTorch, readPickles } from "./legacy";

/** Whether a file can be one of PyTorch's: an archive, whose members then decide, or a pickle. */
export function isTorch(head: Uint8Array): boolean {
  return isZip(head) || isPickle(head);
}

/**
 * Reads one file: a whole checkpoint or a shard.
 * @param head its first bytes
 * @param place the file's place in `Checkpoint.files`
 * @throws FormatError when nothing of it can be shown
 */
export async function readTorch(
  file: RandomAccessFile,
  head: Uint8Array,
  place: number,
  diagnostics: DiagnosticList,
): Promise<TorchContent> {
  if (isZip(head)) return readTorchArchive(file, place, diagnostics);
  return isLegacyTorch(head) ? readLegacyTorch(file, place, diagnostics) : readPlainPickle(file, diagnostics);
}

/** A pickle that is none of `torch.save`: only what it would import and call can be listed. */
async function readPlainPickle(file: RandomAccessFile, diagnostics: DiagnosticList): Promise<TorchContent> {
  const [result] = await readPickles(file, 1);
  if (!result || (result.failure && result.globals.size === 0)) {
    throw new FormatError("torch.bad-pickle", `${quoteName(file.name)} starts like a Python pickle, but is none that can be followed`, {
      file: file.name,
      offset: result?.failure?.at ?? 0,
      expected: result?.failure?.expected ?? "a pickle",
      found: result?.failure?.found,
      hint: "The file is damaged. Download it again.",
    });
  }
  diagnostics.add(
    "warning",
    "torch.plain-pickle",
    `${quoteName(file.name)} is a Python pickle that torch.save did not write; it has no tensors that can be shown`,
    {
      file: file.name,
      offset: 0,
      expected: "a file of torch.save",
      found: "a pickle",
      hint: "What it would import and call is listed as metadata. Nothing of it was run.",
    },
  );
  reportPickle(result, { file: file.name, pickle: file.name, start: 0, isScript: false }, diagnostics);
  const uses = [...result.globals].map(([name, { isCalled }]) => [name, isCalled ? "called" : "imported"] as const);
  return { tensors: [], metadata: new Map(uses) };
}
