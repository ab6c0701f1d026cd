import { FormatError } from "../../errors";
import type { RandomAccessFile } from "../../file";
import { limits } from "../../limits";
import type { TensorInfo } from "../../tensor/tensorInfo";
import type { DiagnosticList } from "../diagnosticList";
import { countBytes, quoteName } from "../text";
import { openZip, zipStored, type ZipEntry } from "../zip/zip";
import { checksumError, entryBytes, readEntry, whyPacked } from "../zip/zipContent";
import { reportPickle } from "./findings";
import { readPickle } from "./pickle/machine";
import type { TorchContent } from "./content";
import { walkState } from "./stateWalk";
import type { StorageBytes, Storages } from "./storages";
import { placeTensors } from "./tensors";

const uncheckedHint = "The file is damaged, which torch.load does not notice. Download it again.";
const mainPickle = /(?:^|\/)data\.pkl$/;

/** Whether an archive with these members is one of PyTorch's. */
export function isTorchArchive(members: readonly string[]): boolean {
  return members.some((name) => mainPickle.test(name));
}

/**
 * Reads a zip archive of `torch.save` (PyTorch 1.6 and later) or `torch.jit.save`.
 * @param place the file's place in `Checkpoint.files`
 */
export async function readTorchArchive(file: RandomAccessFile, place: number, diagnostics: DiagnosticList): Promise<TorchContent> {
  const archive = new Archive(file, place, await openZip(file));
  await archive.readByteOrder();
  if (archive.isScript) {
    diagnostics.add("info", "torch.torchscript", `${quoteName(file.name)} is a TorchScript archive: a program with its weights`, {
      file: file.name,
      expected: "weights alone",
      found: "code and constants",
      hint: "Its weights are shown. torch.jit.load runs the program in TorchScript's own interpreter.",
    });
  }
  const main = await archive.read("data.pkl", "data", undefined, diagnostics);
  const constants = archive.isScript ? await archive.read("constants.pkl", "constants", "constants", diagnostics) : undefined;
  const tensors = [...main.tensors, ...(constants?.tensors ?? [])];
  if (tensors.length === 0 && main.failure && !main.hasGlobals) throw main.failure;
  return { tensors, metadata: main.metadata };
}

interface PickleContent extends TorchContent {
  /** Why the pickle was not followed to its end. */
  readonly failure?: FormatError;
  readonly hasGlobals: boolean;
}

class Archive {
  private readonly records = new Map<string, ZipEntry>();
  /** The folder inside the archive, with its slash: usually the name that the file had when it was saved. */
  private readonly prefix: string;
  private isBigEndian = false;

  constructor(
    private readonly file: RandomAccessFile,
    private readonly place: number,
    entries: readonly ZipEntry[],
  ) {
    const pickles = entries.filter(({ name }) => mainPickle.test(name)).map(({ name }) => name);
    const main = pickles.reduce((best, name) => (name.length < best.length ? name : best), pickles[0] ?? "");
    this.prefix = main.replace(/data\.pkl$/, "");
    for (const entry of entries) if (entry.name.startsWith(this.prefix)) this.records.set(entry.name.slice(this.prefix.length), entry);
  }

  get isScript(): boolean {
    return this.records.has("constants.pkl");
  }

  async readByteOrder(): Promise<void> {
    const record = this.records.get("byteorder");
    if (!record) return;
    const bytes = await readEntry(this.file, record, 16);
    this.isBigEndian = String.fromCharCode(...bytes).trim() === "big";
  }

  /** Reads one pickle and places its tensors, whose storages are the records in `folder`. */
  async read(name: string, folder: string, root: string | undefined, diagnostics: DiagnosticList): Promise<PickleContent> {
    const record = this.records.get(name);
    if (!record) return { tensors: [], metadata: new Map(), hasGlobals: false };
    if (record.bytes > limits.pickleBytes) throw this.tooLarge(record);
    const bytes = await readEntry(this.file, record, record.bytes);
    // Writers may leave checksums out, and PyTorch itself can be told to.
    const damage = record.crc === 0 ? undefined : checksumError(this.file, record, bytes, uncheckedHint);
    if (damage) diagnostics.push(damage.toDiagnostic("warning"));
    const result = readPickle(bytes);
    const isStored = record.method === zipStored;
    const where = { file: this.file.name, pickle: record.name, start: isStored ? record.offset : undefined, isScript: this.isScript };
    reportPickle(result, where, diagnostics);
    const state = walkState(result.value, this.file.name, diagnostics, root);
    const tensors: TensorInfo[] = await placeTensors(state.tensors, this.storages(folder), this.file, diagnostics);
    const failure = result.failure && this.badPickle(record, result.failure.expected, result.failure.found);
    return { tensors, metadata: state.scalars, failure, hasGlobals: result.globals.size > 0 };
  }

  private storages(folder: string): Storages {
    const found = new Map<string, StorageBytes | undefined>();
    const find = (key: string): StorageBytes | undefined => {
      const record = this.records.get(`${folder}/${key}`);
      if (!record || whyPacked(record) !== undefined) return undefined;
      const { offset, compressedBytes, bytes } = record;
      return { ...entryBytes(this.file, record), bytes, place: { offset, bytes: compressedBytes } };
    };
    return {
      file: this.place,
      isBigEndian: this.isBigEndian,
      find: (key) => {
        if (!found.has(key)) found.set(key, find(key));
        return found.get(key);
      },
    };
  }

  private tooLarge(record: ZipEntry): FormatError {
    return new FormatError("torch.pickle-too-large", `${quoteName(record.name)} is too large to be read`, {
      file: this.file.name,
      offset: record.offset,
      expected: `at most ${countBytes(limits.pickleBytes)}`,
      found: countBytes(record.bytes),
      hint: "Something other than tensors was saved with the checkpoint. Save only the state_dict.",
    });
  }

  private badPickle(record: ZipEntry, expected: string, found: string): FormatError {
    return new FormatError("torch.bad-pickle", `${quoteName(record.name)} is no pickle that can be followed`, {
      file: this.file.name,
      offset: record.offset,
      expected,
      found,
      hint: "The file is damaged. Download or save it again.",
    });
  }
}
