import type { Hdf5Place } from "../../fileRef";
import { limits } from "../../limits";
import { countValuesExactly } from "../../tensor/shape";
import { findDType } from "../../tensor/dtype";
import { doubtfulDType, type TensorInfo } from "../../tensor/tensorInfo";
import type { DiagnosticList } from "../diagnosticList";
import { countBytes, countOf, quoteName, showShape } from "../text";
import { elementName } from "./elementTypes";
import type { Hdf5Dataset, Hdf5Listing } from "./library";

/** Filters that the library has: deflate, shuffle, fletcher32, nbit, scaleoffset (`H5Z_FILTER_…`). */
const readFilters = new Set([1, 2, 3, 5, 6]);
/** Names in the finding about links. */
const listedNames = 8;

/** Turns the datasets of a file into tensors, and says which cannot be read and why. */
export function placeDatasets(
  listing: Hdf5Listing,
  place: Hdf5Place,
  file: { readonly name: string; readonly size: number },
  diagnostics: DiagnosticList,
): TensorInfo[] {
  const tensors: TensorInfo[] = [];
  for (const dataset of listing.datasets) {
    const tensor = placeDataset(dataset, place, file, diagnostics);
    if (tensor) tensors.push(tensor);
  }
  reportLinks(listing.links, file.name, diagnostics);
  if (!listing.isWhole) {
    diagnostics.add(
      "error",
      "hdf5.too-much",
      `${quoteName(file.name)} has too many groups, or groups in groups without end; the rest is not shown`,
      {
        file: file.name,
        expected: `at most ${countOf(limits.hdf5Objects)} groups and datasets, ${limits.hdf5Depth} levels deep`,
        found: "more",
        hint: "The file is damaged, or its links lead in circles.",
      },
    );
  }
  return tensors;
}

function placeDataset(
  dataset: Hdf5Dataset,
  place: Hdf5Place,
  file: { readonly name: string; readonly size: number },
  diagnostics: DiagnosticList,
): TensorInfo | undefined {
  const { path: name, type, chunks } = dataset;
  const dtype = elementName(dataset);
  const shape = dataset.shape ?? [0];
  const values = shape.length <= limits.rank ? countValuesExactly(shape) : undefined;
  const itemBytes = type.bytes;
  if (values === undefined || !Number.isSafeInteger(values * itemBytes) || name.length > limits.nameLength) {
    diagnostics.add("error", "hdf5.bad-shape", `${quoteName(name)} has a shape that cannot be; it is not shown`, {
      file: file.name,
      tensor: name.slice(0, 200),
      expected: `at most ${limits.rank} dimensions`,
      found: showShape(shape),
      hint: "The file is damaged. Download or save it again.",
    });
    return undefined;
  }
  // The library does not tell where the elements lie, nor what compressed ones take: no more than the file has.
  const known = findDType(dtype) !== undefined;
  const bytes = Math.min(values * itemBytes, Math.max(0, file.size - place.offset));
  const why = values > 0 ? (whyUnreadable(dataset) ?? whyTooMuch(values, itemBytes, file.size)) : undefined;
  const tensor: TensorInfo = { name, dtype, shape, file: 0, offset: place.offset, bytes };
  if (why) {
    diagnostics.add("warning", why.code, `${quoteName(name)} ${why.what}; it is listed only`, {
      file: file.name,
      tensor: name,
      expected: why.expected,
      found: why.found,
      hint: why.hint,
    });
    return { ...tensor, dtype: known ? doubtfulDType(dtype) : dtype };
  }
  if (type.isVariable || type.class === textClass || values === 0) return { ...tensor, bytes: values === 0 ? 0 : bytes };
  return { ...tensor, source: { dtype, ref: { kind: "hdf5", ...place, dataset: name, shape, itemBytes, chunks }, offset: 0 } };
}

const textClass = 3;

interface Objection {
  readonly code: string;
  readonly what: string;
  readonly expected: string;
  readonly found: string;
  readonly hint: string;
}

/** Why the elements of a dataset cannot be read, or undefined when they can. */
function whyUnreadable({ type, chunks, filters, virtualFiles }: Hdf5Dataset): Objection | undefined {
  const filter = filters.find(({ id }) => !readFilters.has(id));
  if (filter) {
    return {
      code: "hdf5.filter",
      what: `is compressed with ${quoteName(filter.name || String(filter.id))}, which needs a plugin of the HDF5 library`,
      expected: "deflate, shuffle, fletcher32, nbit or scaleoffset",
      found: (filter.name || String(filter.id)).slice(0, 100),
      hint: "Save the dataset again with gzip, or without compression.",
    };
  }
  const elsewhere = virtualFiles.find((name) => name !== ".");
  if (elsewhere !== undefined) {
    return {
      code: "hdf5.virtual",
      what: "has its values in other files",
      expected: "values in the same file",
      found: elsewhere.slice(0, 200),
      hint: "Open the file that has the values.",
    };
  }
  const chunkBytes = (chunks ?? [1]).reduce((product, count) => product * count, type.bytes);
  if (chunks === null || chunkBytes <= limits.hdf5ChunkBytes) return undefined;
  return {
    code: "hdf5.chunk-too-large",
    what: "is stored in chunks that are too large to be read",
    expected: `chunks of at most ${countBytes(limits.hdf5ChunkBytes)}`,
    found: countBytes(chunkBytes),
    hint: "Save the dataset again in smaller chunks, or without compression.",
  };
}

/** Chunks that were never written have the fill value: a few kilobytes can stand for any number of values. */
function whyTooMuch(values: number, itemBytes: number, fileBytes: number): Objection | undefined {
  if (values <= limits.expandedValues || values * itemBytes <= fileBytes * limits.deflateRatio) return undefined;
  return {
    code: "hdf5.expanded",
    what: "repeats its few values too often to be read",
    expected: `at most ${countOf(limits.expandedValues)} values, or a file that can hold them`,
    found: `${countOf(values)} values in ${countBytes(fileBytes)}`,
    hint: "The file is damaged, or most of the dataset was never written.",
  };
}

function reportLinks(links: readonly string[], file: string, diagnostics: DiagnosticList): void {
  if (links.length === 0) return;
  const more = links.length > listedNames ? ` and ${countOf(links.length - listedNames)} more` : "";
  const listed = links.slice(0, listedNames).map(quoteName).join(", ");
  diagnostics.add("info", "hdf5.links", `${quoteName(file)} has links, which are not followed: ${listed}${more}`, {
    file,
    expected: "groups and datasets",
    found: `${countOf(links.length)} soft or external links`,
    hint: "What they lead to inside of the file is shown under its own name.",
  });
}
