import type { RandomAccessFile } from "../../file";
import { limits } from "../../limits";
import { missingBytes } from "../../tensor/availability";
import { countValuesExactly } from "../../tensor/shape";
import { unpackedSource } from "../../tensor/smallElements";
import { doubtfulDType, type TensorInfo } from "../../tensor/tensorInfo";
import type { DiagnosticList } from "../diagnosticList";
import { countBytes, countOf, quoteName, showShape } from "../text";
import { UniqueNames } from "../uniqueNames";
import { elementBytes, elementType, type ElementType } from "./elementTypes";
import type { ExternalFiles } from "./externalFiles";
import type { FoundTensor } from "./graph";
import type { TensorProto } from "./tensorProto";
import { countVarints, decodeVarints, joinPieces, totalBytes } from "./typedValues";
import type { Range } from "./wire";

const damagedHint = "The file is damaged. Download or export the model again.";

/** Turns what was found in a model into tensors. Values that cannot be read keep their place, with a finding. */
export class TensorPlacer {
  private readonly names: UniqueNames;
  private decodedBytes = 0;

  constructor(
    private readonly file: RandomAccessFile,
    private readonly external: ExternalFiles,
    private readonly diagnostics: DiagnosticList,
  ) {
    this.names = new UniqueNames("onnx", file.name, diagnostics);
  }

  /** The tensor, or undefined for one whose shape means nothing. */
  async place({ name: given, proto, sparseDims }: FoundTensor): Promise<TensorInfo | undefined> {
    const name = this.names.take(given, proto.range.offset);
    const pieces = proto.dims === undefined ? [...proto.typed.values()][0] : undefined;
    const shape = proto.dims ?? [(await this.countList(proto, pieces)) ?? 0];
    const values = shape.length <= limits.rank ? countValuesExactly(shape) : undefined;
    if (values === undefined) {
      this.report("error", "onnx.bad-shape", `${quoteName(name)} has a shape that no tensor can have; it is not shown`, name, proto.range, {
        expected: `at most ${limits.rank} dimensions from 0 on`,
        found: showShape(shape),
      });
      return undefined;
    }
    if (sparseDims) this.reportSparse(name, proto.range, shape, sparseDims);
    const type = elementType(proto.dataType);
    const tensor = { name, dtype: type?.dtype ?? `onnx:${proto.dataType}`, shape, file: 0, offset: proto.range.offset, bytes: 0 };
    if (!type) {
      this.report("warning", "onnx.unknown-type", `${quoteName(name)} is of a type that Quantscope does not know`, name, proto.range, {
        expected: "a number of TensorProto.DataType",
        found: String(proto.dataType),
      });
      return { ...tensor, ...proto.raw };
    }
    if (proto.isSegment) return this.doubtful(tensor, "onnx.segment", "is one piece of a tensor", "a whole tensor", "a segment");
    if (proto.external) return this.placeExternal(tensor, type, values, proto.external);
    if (proto.raw) return this.placeBytes({ ...tensor, ...proto.raw }, type, values);
    return this.placeTyped(tensor, type, values, proto);
  }

  /** A tensor whose bytes lie in a file as they are read, or packed. */
  private placeBytes(tensor: TensorInfo, type: ElementType, values: number): TensorInfo {
    const expected = elementBytes(values, type);
    if (type.bits === 0 || tensor.bytes !== expected) {
      return this.doubtful(
        tensor,
        "onnx.size-mismatch",
        "has bytes that do not fit its type and shape",
        `${countBytes(expected)} for ${type.dtype} ${showShape(tensor.shape)}`,
        countBytes(tensor.bytes),
      );
    }
    const ref = tensor.file === 0 ? this.file.ref : this.external.files[tensor.file]!.file?.ref;
    const source = ref && unpackedSource(type.dtype, ref, tensor.offset, tensor.shape);
    return source ? { ...tensor, source } : tensor;
  }

  private async placeExternal(
    tensor: TensorInfo,
    type: ElementType,
    values: number,
    external: ReadonlyMap<string, string>,
  ): Promise<TensorInfo> {
    const place = await this.external.find(external.get("location") ?? "");
    const offset = wholeNumber(external.get("offset") ?? "0");
    const length = external.get("length");
    // As ONNX Runtime has it: what the file has behind the values is another tensor's.
    const bytes = length === undefined ? elementBytes(values, type) : wholeNumber(length);
    if (offset === undefined || bytes === undefined || !Number.isSafeInteger(offset + bytes)) {
      return this.doubtful(
        tensor,
        "onnx.bad-external",
        "lies in another file at a place that is none",
        "an offset and a length in bytes",
        `offset ${external.get("offset") ?? ""}, length ${length ?? ""}`.slice(0, 200),
      );
    }
    return this.placeBytes({ ...tensor, file: place, offset, bytes }, type, values);
  }

  /** Values in a field of their own type: fixed ones lie there as they are read, varints are decoded. */
  private async placeTyped(tensor: TensorInfo, type: ElementType, values: number, { typed }: TensorProto): Promise<TensorInfo> {
    // ONNX fills up the last byte of small elements, also where there is none.
    if (values === 0) {
      const source = unpackedSource(type.dtype, { kind: "memory", name: this.file.name, bytes: new SharedArrayBuffer(0) }, 0, tensor.shape);
      return source ? { ...tensor, source } : tensor;
    }
    const pieces = typed.get(type.field);
    const first = pieces?.[0];
    if (!pieces || !first)
      return this.doubtful(tensor, "onnx.no-values", "has no values", `values in ${type.field}`, "none that can be read");
    const last = pieces[pieces.length - 1]!;
    const placed = { ...tensor, offset: first.offset, bytes: Math.max(0, last.offset + last.bytes - first.offset) };
    // Texts are listed, not read.
    if (type.field === "string_data") return placed;
    const isFixed = type.field === "float_data" || type.field === "double_data";
    if (isFixed && pieces.length === 1) return this.placeBytes(placed, type, values);
    if (missingBytes(placed, this.file.size) > 0) return { ...placed, dtype: doubtfulDType(placed.dtype) };
    const bytes = await this.decode(pieces, isFixed ? undefined : itemBytes(type));
    const expected = elementBytes(values, type);
    if (typeof bytes === "string" || bytes.byteLength !== expected) {
      const found = typeof bytes === "string" ? bytes : countBytes(bytes.byteLength);
      return this.doubtful(placed, "onnx.size-mismatch", "has values that do not fit its type and shape", countBytes(expected), found);
    }
    this.decodedBytes += expected;
    const ref = { kind: "memory", name: this.file.name, bytes } as const;
    return { ...placed, source: unpackedSource(type.dtype, ref, 0, placed.shape) ?? { dtype: type.dtype, ref, offset: 0 } };
  }

  /** The values of pieces as they are read, or why there are none. */
  private async decode(pieces: readonly Range[], varintBytes: number | undefined): Promise<SharedArrayBuffer | string> {
    const stored = totalBytes(pieces);
    // Every varint has at least a byte.
    if (this.decodedBytes + stored * (varintBytes ?? 1) > limits.onnxDecodedBytes) {
      return `more than ${countBytes(limits.onnxDecodedBytes)} to be decoded`;
    }
    const bytes = await joinPieces(this.file, pieces);
    if (varintBytes !== undefined) return decodeVarints(bytes, varintBytes) ?? "a number that does not end";
    const shared = new SharedArrayBuffer(stored);
    new Uint8Array(shared).set(bytes);
    return shared;
  }

  /** Values of a list that an attribute holds. */
  private async countList({ dataType }: TensorProto, pieces: readonly Range[] | undefined): Promise<number | undefined> {
    if (!pieces) return undefined;
    const type = elementType(dataType)!;
    const stored = totalBytes(pieces);
    if (type.field === "string_data") return pieces.length;
    if (type.field === "float_data") return Math.floor(stored / 4);
    const isThere = pieces.every((piece) => missingBytes(piece, this.file.size) === 0);
    return isThere && stored <= limits.onnxDecodedBytes ? countVarints(await joinPieces(this.file, pieces)) : undefined;
  }

  private reportSparse(name: string, range: Range, shape: readonly number[], dims: readonly number[]): void {
    this.report(
      "info",
      "onnx.sparse",
      `${quoteName(name)} is sparse; the values that are stored are shown, without their places`,
      name,
      range,
      {
        expected: `a dense tensor ${showShape(dims)}`,
        found: `${countOf(shape[0] ?? 1)} values`,
        hint: "The rest are zeros.",
      },
    );
  }

  private doubtful(tensor: TensorInfo, code: string, what: string, expected: string, found: string): TensorInfo {
    this.report("error", code, `${quoteName(tensor.name)} ${what}`, tensor.name, tensor, { expected, found });
    return { ...tensor, dtype: doubtfulDType(tensor.dtype) };
  }

  private report(
    severity: "error" | "warning" | "info",
    code: string,
    message: string,
    tensor: string,
    { offset }: { offset: number },
    fields: { expected: string; found: string; hint?: string },
  ): void {
    this.diagnostics.add(severity, code, message, { file: this.file.name, tensor, offset, hint: damagedHint, ...fields });
  }
}

/** Bytes that a varint becomes: elements smaller than a byte are packed already. */
function itemBytes({ bits }: ElementType): number {
  return Math.max(1, bits / 8);
}

/** A number of bytes in decimal; undefined for anything else. */
function wholeNumber(text: string): number | undefined {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : undefined;
  return Number.isSafeInteger(value) ? value : undefined;
}
