import { FormatError } from "../../errors";
import type { RandomAccessFile } from "../../file";
import type { Hdf5Place } from "../../fileRef";
import { limits } from "../../limits";
import type { MetadataValue } from "../../tensor/checkpoint";
import type { CheckpointFormat } from "../checkpointFormat";
import type { DiagnosticList } from "../diagnosticList";
import { hdf5Lister } from "../hdf5/library";
import { placeDatasets } from "../hdf5/placeDatasets";
import { metadataEntries } from "../safetensors/metadata";
import { countBytes, decodeUtf8, quoteName } from "../text";
import { openZip, zipStored, type ZipEntry } from "../zip/zip";
import { checksumError, readEntry } from "../zip/zipContent";
import { openAlone } from "../singleFile";

/** The member of a `.keras` archive with its weights. */
const weights = "model.weights.h5";
/** The members that describe the model, which are kept as metadata. */
const descriptions = ["config.json", "metadata.json"];

/** Keras 3's `.keras`: a zip archive with the weights as an HDF5 file. */
export const kerasFormat: CheckpointFormat = {
  id: "keras",
  label: "Keras",

  matches: () => false,

  holds: (members) => members.includes(weights),

  open: (file) =>
    openAlone("keras", file, async (diagnostics) => {
      const entries = await openZip(file);
      const place = await placeOf(
        file,
        entries.find(({ name }) => name === weights)!,
        diagnostics,
      );
      const listing = await hdf5Lister().list(place);
      return {
        tensors: placeDatasets(listing, { ...place }, file, diagnostics),
        metadata: metadataEntries(new Map([...(await describe(file, entries, diagnostics)), ...listing.attributes])),
      };
    }),
};

/** Where the HDF5 file is: in the archive as it stands there, or unpacked in memory. @throws FormatError `keras.too-large` */
async function placeOf(file: RandomAccessFile, entry: ZipEntry, diagnostics: DiagnosticList): Promise<Hdf5Place> {
  if (entry.method === zipStored && !entry.encrypted) return { source: file.ref, offset: entry.offset, bytes: entry.bytes };
  if (entry.bytes > limits.kerasInflatedBytes) {
    throw new FormatError("keras.too-large", `The weights in ${quoteName(file.name)} are compressed, and too large to be unpacked`, {
      file: file.name,
      offset: entry.offset,
      expected: `at most ${countBytes(limits.kerasInflatedBytes)}`,
      found: countBytes(entry.bytes),
      hint: `Unpack the archive, and open ${weights} in it.`,
    });
  }
  const shared = new SharedArrayBuffer(entry.bytes);
  new Uint8Array(shared).set(await readWhole(file, entry, diagnostics));
  return { source: { kind: "memory", name: entry.name, bytes: shared }, offset: 0, bytes: entry.bytes };
}

/** A member that is read to its end; Keras refuses one whose checksum is another, and what is left of it is shown. */
async function readWhole(file: RandomAccessFile, entry: ZipEntry, diagnostics: DiagnosticList): Promise<Uint8Array> {
  const bytes = await readEntry(file, entry, entry.bytes);
  const damage = checksumError(file, entry, bytes, "The file is damaged, and Keras does not load it. Download or save it again.");
  if (damage) diagnostics.push(damage.toDiagnostic("warning"));
  return bytes;
}

async function describe(
  file: RandomAccessFile,
  entries: readonly ZipEntry[],
  diagnostics: DiagnosticList,
): Promise<Map<string, MetadataValue>> {
  const found = new Map<string, MetadataValue>();
  for (const entry of entries) {
    if (!descriptions.includes(entry.name) || entry.bytes > limits.hdf5TextBytes) continue;
    const text = decodeUtf8(await readWhole(file, entry, diagnostics));
    if (text !== undefined) found.set(entry.name, text);
  }
  return found;
}
