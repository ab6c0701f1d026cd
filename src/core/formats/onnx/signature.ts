import { limits } from "../../limits";
import type { PagedReader } from "../pagedReader";
import { elementType } from "./elementTypes";
import { fieldsOf, textOf, type Range } from "./wire";

/** A tensor that a graph takes or gives. */
export interface GraphValue {
  readonly name: string;
  /** Identifier of a `DType`, or ONNX's own name; `?` for what is no tensor, or of a type that we do not know. */
  readonly dtype: string;
  /** A number, or the name of a dimension that is known only when the graph runs; undefined where nothing is said of dimensions. */
  readonly shape?: readonly (number | string)[];
}

/** What the graph of a model takes and gives. */
export interface Signature {
  readonly inputs: readonly GraphValue[];
  readonly outputs: readonly GraphValue[];
}

/** Field numbers (onnx/onnx.proto). */
const modelGraph = 7;
const graphFields = { input: 11, output: 12 } as const;
const valueFields = { name: 1, type: 2 } as const;
const tensorOfType = 1;
const tensorFields = { element: 1, shape: 2 } as const;
const dimOfShape = 1;
const dimFields = { value: 1, name: 2 } as const;

/** Inputs and outputs that are kept of a model: real ones have two for each layer. */
const mostValues = 4096;

/** Reads inputs and outputs alone. @throws FormatError `onnx.bad-message` */
export async function readSignature(reader: PagedReader): Promise<Signature> {
  const inputs: GraphValue[] = [];
  const outputs: GraphValue[] = [];
  for await (const graph of fieldsOf(reader, { offset: 0, bytes: reader.file.size })) {
    if (graph.number !== modelGraph) continue;
    for await (const field of fieldsOf(reader, graph)) {
      const list = field.number === graphFields.input ? inputs : field.number === graphFields.output ? outputs : undefined;
      if (list && list.length < mostValues) list.push(await readValue(reader, field));
    }
  }
  return { inputs, outputs };
}

async function readValue(reader: PagedReader, range: Range): Promise<GraphValue> {
  let name = "";
  let dtype = "?";
  let shape: (number | string)[] | undefined;
  for await (const field of fieldsOf(reader, range)) {
    if (field.number === valueFields.name) name = (await textOf(reader, field, limits.nameLength)) ?? "";
    if (field.number !== valueFields.type) continue;
    for await (const type of fieldsOf(reader, field)) {
      if (type.number !== tensorOfType) continue;
      for await (const part of fieldsOf(reader, type)) {
        if (part.number === tensorFields.element) dtype = elementType(part.value)?.dtype ?? "?";
        else if (part.number === tensorFields.shape) shape = await readShape(reader, part);
      }
    }
  }
  return { name, dtype, ...(shape ? { shape } : {}) };
}

async function readShape(reader: PagedReader, range: Range): Promise<(number | string)[]> {
  const shape: (number | string)[] = [];
  for await (const dim of fieldsOf(reader, range)) {
    if (dim.number !== dimOfShape) continue;
    let length: number | string = "?";
    for await (const field of fieldsOf(reader, dim)) {
      if (field.number === dimFields.value) length = field.value;
      else if (field.number === dimFields.name) length = (await textOf(reader, field, limits.nameLength)) ?? "?";
    }
    shape.push(length);
  }
  return shape;
}
