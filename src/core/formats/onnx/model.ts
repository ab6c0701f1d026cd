import { limits } from "../../limits";
import type { MetadataValue } from "../../tensor/checkpoint";
import type { PagedReader } from "../pagedReader";
import { GraphWalker, type FoundTensor } from "./graph";
import { readPair } from "./tensorProto";
import { fieldsOf, textOf, type Range } from "./wire";

/** What a ModelProto has beside the computation. */
export interface OnnxModel {
  readonly tensors: readonly FoundTensor[];
  /** Producer, versions, operator sets, and what its maker added. */
  readonly metadata: ReadonlyMap<string, MetadataValue>;
  /** Bytes that the file has when it is whole. */
  readonly end: number;
}

/** Field numbers of ModelProto (onnx/onnx.proto). */
const fields = { graph: 7, operatorSet: 8, pair: 14, function: 25 } as const;
const texts: ReadonlyMap<number, string> = new Map([
  [2, "producer_name"],
  [3, "producer_version"],
  [4, "domain"],
  [6, "doc_string"],
]);
const numbers: ReadonlyMap<number, string> = new Map([
  [1, "ir_version"],
  [5, "model_version"],
]);

/** Where a file ends says nothing about where its model does: it may be cut short. */
const largestModel = Number.MAX_SAFE_INTEGER;

/** Reads everything of a model but values. @throws FormatError `onnx.bad-message`, `onnx.too-deep`, `onnx.too-many-tensors` */
export async function readModel(reader: PagedReader): Promise<OnnxModel> {
  const walker = new GraphWalker(reader);
  const metadata = new Map<string, MetadataValue>();
  let tensors: FoundTensor[] = [];
  let end = 0;
  for await (const field of fieldsOf(reader, { offset: 0, bytes: largestModel })) {
    end = field.offset + field.bytes;
    if (field.number === fields.graph) tensors = tensors.concat(await walker.graph(field, "", 0));
    else if (field.number === fields.function) tensors = tensors.concat(await walker.function(field));
    else if (metadata.size < limits.onnxMetadata) await addMetadata(reader, field, metadata);
  }
  return { tensors, metadata, end };
}

async function addMetadata(
  reader: PagedReader,
  field: Range & { number: number; value: number },
  metadata: Map<string, MetadataValue>,
): Promise<void> {
  const text = texts.get(field.number);
  const number = numbers.get(field.number);
  if (text !== undefined) {
    const value = await textOf(reader, field, limits.onnxTextBytes);
    if (value) metadata.set(text, value);
  } else if (number !== undefined) metadata.set(number, field.value);
  else if (field.number === fields.pair) {
    const [key, value] = await readPair(reader, field);
    if (!metadata.has(key)) metadata.set(key, value);
  } else if (field.number === fields.operatorSet) {
    let [domain, version] = ["", 0];
    for await (const part of fieldsOf(reader, field)) {
      if (part.number === 1) domain = (await textOf(reader, part, limits.nameLength)) ?? "";
      else if (part.number === 2) version = part.value;
    }
    metadata.set(`opset.${domain || "ai.onnx"}`, version);
  }
}
