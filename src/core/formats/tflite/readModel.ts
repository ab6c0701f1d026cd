import type { RandomAccessFile } from "../../file";
import { limits } from "../../limits";
import type { MetadataEntry } from "../../tensor/checkpoint";
import { countValuesExactly } from "../../tensor/shape";
import { elementBits, unpackedSource } from "../../tensor/smallElements";
import { countValues, doubtfulDType, type TensorInfo } from "../../tensor/tensorInfo";
import type { DiagnosticList } from "../diagnosticList";
import { countBytes, countOf, quoteName, showShape, showUtf8 } from "../text";
import { FlatReader, type FlatTable, type FlatVector } from "./flatbuffer";
import { quantizationEntries } from "./quantization";

/** What a TFLite file holds. */
export interface TfliteContent {
  readonly tensors: readonly TensorInfo[];
  readonly metadata: readonly MetadataEntry[];
}

/** `TensorType` of TFLite's schema, by number; unknown ones are listed by theirs. */
const typeNames = "F32 F16 I32 U8 I64 STRING BOOL I16 C64 I8 F64 C128 U64 RESOURCE VARIANT U32 U16 INT4 BF16".split(" ");

/**
 * Lists the tensors that have data: weights, not activations. Source: TensorFlow's `lite/schema/schema.fbs`.
 * @throws FormatError `tflite.*` when the structure leads outside the file
 */
export async function readTflite(file: RandomAccessFile, diagnostics: DiagnosticList): Promise<TfliteContent> {
  const reader = new FlatReader(file);
  const model = await reader.table(0);
  const buffers = await model.vector(4, 4);
  const subgraphs = await model.vector(2, 4);
  const list = new TensorList(reader, buffers, diagnostics);
  for (let index = 0; index < subgraphs.length; index++) {
    await list.addSubgraph(await reader.table(subgraphs.start + 4 * index), index);
  }
  const version: MetadataEntry = { key: "version", type: "u32", value: await model.u32(0) };
  return { tensors: list.tensors, metadata: [version, ...list.metadata] };
}

class TensorList {
  readonly tensors: TensorInfo[] = [];
  readonly metadata: MetadataEntry[] = [];
  private readonly names = new Set<string>();
  private visited = 0;
  private nameBytes = 0;

  constructor(
    private readonly reader: FlatReader,
    private readonly buffers: FlatVector,
    private readonly diagnostics: DiagnosticList,
  ) {}

  async addSubgraph(subgraph: FlatTable, index: number): Promise<void> {
    const { reader } = this;
    const places = await subgraph.vector(0, 4);
    this.visited += places.length + 1;
    if (this.visited > limits.tensors) {
      throw reader.failure("tflite.too-many-tensors", places.start, `at most ${countOf(limits.tensors)} tensors`, countOf(this.visited));
    }
    for (let place = 0; place < places.length; place++) {
      await this.addTensor(await reader.table(places.start + 4 * place), index, place);
    }
  }

  private async addTensor(tensor: FlatTable, subgraph: number, index: number): Promise<void> {
    const { reader } = this;
    const buffer = await tensor.u32(2);
    if (buffer >= this.buffers.length) {
      throw reader.failure("tflite.bad-buffer", this.buffers.start, `a buffer below ${countOf(this.buffers.length)}`, countOf(buffer));
    }
    const data = await this.dataOf(await reader.table(this.buffers.start + 4 * buffer));
    if (data.length === 0) return;
    const shape = await this.shapeOf(tensor);
    const name = await this.nameOf(tensor, subgraph, index);
    const type = await tensor.u8(1);
    const id = typeNames[type] ?? `TYPE_${type}`;
    const bits = elementBits(id);
    const expected = bits === undefined ? undefined : Math.ceil((countValues(shape) * bits) / 8);
    const fits = expected === undefined || expected === data.length;
    if (!fits) {
      this.diagnostics.add("error", "tflite.wrong-size", `The data of ${quoteName(name)} do not fit its shape`, {
        file: reader.file.name,
        tensor: name,
        offset: data.start,
        expected: countBytes(expected),
        found: countBytes(data.length),
        hint: "The file is damaged, or stores the tensor in a way that Quantscope does not know.",
      });
    }
    const source = fits ? unpackedSource(id, reader.file.ref, data.start, shape) : undefined;
    const place = { file: 0, offset: data.start, bytes: data.length };
    this.tensors.push({ name, dtype: fits ? id : doubtfulDType(id), shape, ...place, ...(source && { source }) });
    this.metadata.push(...(await quantizationEntries(name, reader, tensor)));
  }

  /** Where a buffer's bytes are: in the flatbuffer, or after it in files above 2 GB. */
  private async dataOf(buffer: FlatTable): Promise<FlatVector> {
    const [start, length] = [await buffer.u64(1), await buffer.u64(2)];
    if (start > 1 && Number.isSafeInteger(start + length)) return { start, length };
    return buffer.vector(0, 1);
  }

  private async shapeOf(tensor: FlatTable): Promise<number[]> {
    const { reader } = this;
    const { start, length } = await tensor.vector(0, 4);
    if (length > limits.rank) throw reader.failure("tflite.bad-rank", start, `at most ${limits.rank} dimensions`, countOf(length));
    const view = await reader.view(start, 4 * length);
    const shape = Array.from({ length }, (_, index) => view.getInt32(4 * index, true));
    if (countValuesExactly(shape) !== undefined) return shape;
    throw reader.failure("tflite.bad-shape", start, "dimensions of at least 0 and values that can be counted", showShape(shape));
  }

  /** A name of its own for every tensor, since several may share one or have none. */
  private async nameOf(tensor: FlatTable, subgraph: number, place: number): Promise<string> {
    const { reader } = this;
    const { start, length } = await tensor.vector(3, 1);
    this.nameBytes += length;
    if (length > limits.nameLength || this.nameBytes > limits.tfliteNameBytes) {
      throw reader.failure("tflite.long-names", start, `names of at most ${countBytes(limits.nameLength)}`, countBytes(length));
    }
    const view = await reader.view(start, length);
    const stored = showUtf8(new Uint8Array(view.buffer, view.byteOffset, length));
    let name = stored === "" ? `tensor_${place}` : stored;
    if (this.names.has(name)) name = `subgraph_${subgraph}/${place}/${name}`;
    while (this.names.has(name)) name += "'";
    this.names.add(name);
    return name;
  }
}
