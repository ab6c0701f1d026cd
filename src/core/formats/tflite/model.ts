import { FormatError } from "../../errors";
import type { RandomAccessFile } from "../../file";
import { limits } from "../../limits";
import type { MetadataEntry } from "../../tensor/checkpoint";
import { countValuesExactly } from "../../tensor/shape";
import { findDType } from "../../tensor/dtype";
import { smallBits, unpackedSource } from "../../tensor/smallElements";
import { doubtfulDType, type TensorInfo } from "../../tensor/tensorInfo";
import type { DiagnosticList } from "../diagnosticList";
import { PagedReader } from "../pagedReader";
import { countBytes, countOf, quoteName, showShape } from "../text";
import { UniqueNames } from "../uniqueNames";
import { Flatbuffer, type FlatTable, type FlatVector } from "./flatbuffer";
import { quantizationEntries } from "./quantization";

/** Slots of the tables (tensorflow/compiler/mlir/lite/schema/schema.fbs). */
const modelSlots = { version: 0, subgraphs: 2, description: 3, buffers: 4 } as const;
const subgraphSlots = { tensors: 0, name: 4 } as const;
const tensorSlots = { shape: 0, type: 1, buffer: 2, name: 3, quantization: 4, sparsity: 6 } as const;
const bufferSlots = { data: 0, offset: 1, size: 2 } as const;

/** By `TensorType`. Beyond, and where we know no `DType`, tensors are listed. */
// prettier-ignore
const types = [
  "F32", "F16", "I32", "U8", "I64", "STRING", "BOOL", "I16", "C64", "I8", "F64", "C128", "U64", "RESOURCE", "VARIANT", "U32", "U16", "INT4", "BF16",
];

/** A buffer with content, in the flatbuffer or behind it. */
interface FilledBuffer {
  readonly offset: number;
  readonly bytes: number;
}

export interface TfliteContent {
  readonly tensors: readonly TensorInfo[];
  readonly metadata: readonly MetadataEntry[];
}

/** Reads the tensors of a model that have values: not those that are computed. @throws FormatError `tflite.out-of-bounds` … */
export async function readTflite(file: RandomAccessFile, diagnostics: DiagnosticList): Promise<TfliteContent> {
  const buffer = new Flatbuffer(new PagedReader(file));
  const model = await buffer.tableAt(0);
  const reader = new ModelReader(file, buffer, await model.vector(modelSlots.buffers, 4), diagnostics);
  reader.metadata.push({ key: "version", type: "u32", value: await model.u32(modelSlots.version) });
  const description = await model.text(modelSlots.description);
  if (description !== "") reader.metadata.push({ key: "description", type: "string", value: description });
  const subgraphs = await model.vector(modelSlots.subgraphs, 4);
  for (let index = 0; index < (subgraphs?.length ?? 0); index++) {
    const subgraph = await buffer.tableAt(subgraphs!.offset + 4 * index);
    const prefix = index === 0 ? "" : `${(await subgraph.text(subgraphSlots.name)) || index}/`;
    await reader.readSubgraph(subgraph, prefix);
  }
  return reader;
}

class ModelReader implements TfliteContent {
  readonly tensors: TensorInfo[] = [];
  readonly metadata: MetadataEntry[] = [];
  private readonly names: UniqueNames;
  private visited = 0;

  constructor(
    private readonly file: RandomAccessFile,
    private readonly buffer: Flatbuffer,
    private readonly buffers: FlatVector | undefined,
    private readonly diagnostics: DiagnosticList,
  ) {
    this.names = new UniqueNames("tflite", file.name, diagnostics);
  }

  async readSubgraph(subgraph: FlatTable, prefix: string): Promise<void> {
    const tensors = await subgraph.vector(subgraphSlots.tensors, 4);
    for (let index = 0; index < (tensors?.length ?? 0); index++) {
      // Each takes at least the four bytes that point to it; a file in which they are the same ones repeats itself.
      if (4 * ++this.visited > this.file.size || this.tensors.length >= limits.tensors) throw this.tooMany(subgraph.position);
      const table = await this.buffer.tableAt(tensors!.offset + 4 * index);
      const content = await this.contentOf(await table.u32(tensorSlots.buffer));
      if (content) await this.add(table, prefix, content);
    }
  }

  private async add(table: FlatTable, prefix: string, content: FilledBuffer): Promise<void> {
    const name = this.names.take(prefix + (await table.text(tensorSlots.name)), table.position);
    const shape = await this.shapeOf(table);
    const values = shape.length <= limits.rank ? countValuesExactly(shape) : undefined;
    if (values === undefined) {
      this.report("tflite.bad-shape", "has a shape that no tensor can have; it is not shown", name, table.position, {
        expected: `at most ${limits.rank} dimensions from 0 on`,
        found: showShape(shape),
      });
      return;
    }
    const type = await table.u8(tensorSlots.type);
    const dtype = types[type] ?? `tflite:${type}`;
    const tensor: TensorInfo = { name, dtype, shape, file: 0, ...content };
    const isSparse = (await table.table(tensorSlots.sparsity)) !== undefined;
    this.tensors.push(this.checked(tensor, values, isSparse));
    const quantization = await table.table(tensorSlots.quantization);
    if (!quantization || this.metadata.length >= limits.tensorMetadata) return;
    this.metadata.push(...(await quantizationEntries(name, quantization, this.buffer)));
  }

  /** The tensor, marked as doubtful when its bytes do not fit its type. Types that we do not know are listed as they are. */
  private checked(tensor: TensorInfo, values: number, isSparse: boolean): TensorInfo {
    const bits = smallBits(tensor.dtype) ?? 8 * (findDType(tensor.dtype)?.blockBytes ?? 0);
    if (bits === 0) return tensor;
    const expected = Math.ceil((values * bits) / 8);
    if (isSparse || tensor.bytes !== expected) {
      const what = isSparse ? "is stored as a sparse tensor; it is listed only" : "has bytes that do not fit its type and shape";
      this.report(isSparse ? "tflite.sparse" : "tflite.size-mismatch", what, tensor.name, tensor.offset, {
        expected: `${countBytes(expected)} for ${tensor.dtype} ${showShape(tensor.shape)}`,
        found: countBytes(tensor.bytes),
      });
      return { ...tensor, dtype: doubtfulDType(tensor.dtype) };
    }
    const source = unpackedSource(tensor.dtype, this.file.ref, tensor.offset, values);
    return source ? { ...tensor, source } : tensor;
  }

  /** Where the content of a buffer is; undefined for an empty one, which tensors that are computed have. */
  private async contentOf(index: number): Promise<FilledBuffer | undefined> {
    if (index >= (this.buffers?.length ?? 0)) return undefined;
    const table = await this.buffer.tableAt(this.buffers!.offset + 4 * index);
    const data = await table.vector(bufferSlots.data, 1, true);
    if (data && data.length > 0) return { offset: data.offset, bytes: data.length };
    // Files beyond 2 GB have their content behind the flatbuffer; smaller offsets are placeholders.
    const [offset, bytes] = [await table.u64(bufferSlots.offset), await table.u64(bufferSlots.size)];
    return offset > 1 && bytes > 0 && Number.isSafeInteger(offset + bytes) ? { offset, bytes } : undefined;
  }

  private async shapeOf(table: FlatTable): Promise<number[]> {
    const vector = await table.vector(tensorSlots.shape, 4);
    const shape: number[] = [];
    // One more than can be is enough to refuse it.
    for (let index = 0; index < Math.min(vector?.length ?? 0, limits.rank + 1); index++) {
      shape.push((await this.buffer.view(vector!.offset + 4 * index, 4)).getInt32(0, true));
    }
    return shape;
  }

  private report(code: string, what: string, tensor: string, offset: number, fields: { expected: string; found: string }): void {
    const hint = "The file is damaged, or newer than Quantscope. Download or convert the model again.";
    this.diagnostics.add("error", code, `${quoteName(tensor)} ${what}`, { file: this.file.name, tensor, offset, hint, ...fields });
  }

  private tooMany(offset: number): FormatError {
    return new FormatError("tflite.too-many-tensors", `${quoteName(this.file.name)} has more tensors than it can have`, {
      file: this.file.name,
      offset,
      expected: `at most ${countOf(Math.min(limits.tensors, Math.floor(this.file.size / 4)))}`,
      found: "more",
      hint: "The file is damaged, or made to harm. Download it again.",
    });
  }
}
