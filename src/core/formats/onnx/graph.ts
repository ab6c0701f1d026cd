import { FormatError } from "../../errors";
import { limits } from "../../limits";
import type { PagedReader } from "../pagedReader";
import { countOf, quoteName } from "../text";
import { addDims, readTensorProto, type TensorProto } from "./tensorProto";
import type { TypedField } from "./elementTypes";
import { fieldsOf, textOf, type Range } from "./wire";

/** A tensor that a model holds, with the path to it. */
export interface FoundTensor {
  readonly name: string;
  readonly proto: TensorProto;
  /** Of the values of a sparse tensor: its whole shape. */
  readonly sparseDims?: readonly number[];
}

/** Field numbers (onnx/onnx.proto). */
const graphFields = { node: 1, initializer: 5, sparse: 15 } as const;
const nodeFields = { output: 2, name: 3, operator: 4, attribute: 5 } as const;
const attributeFields = { name: 1, tensor: 5, graph: 6, tensors: 10, graphs: 11, sparse: 22, sparses: 23 } as const;
const sparseFields = { values: 1, dims: 3 } as const;
const functionFields = { name: 1, node: 7, domain: 10 } as const;

const valuesInAttributes = new Set<number>([
  attributeFields.tensor,
  attributeFields.graph,
  attributeFields.tensors,
  attributeFields.graphs,
  attributeFields.sparse,
  attributeFields.sparses,
]);

/** An attribute of `Constant` that is the value itself. */
interface ValueField {
  /** A number of `TensorProto.DataType`. */
  readonly type: number;
  readonly field: TypedField;
  readonly isList: boolean;
}

const valueFields: ReadonlyMap<number, ValueField> = new Map([
  [2, { type: 1, field: "float_data", isList: false }],
  [3, { type: 7, field: "int64_data", isList: false }],
  [4, { type: 8, field: "string_data", isList: false }],
  [7, { type: 1, field: "float_data", isList: true }],
  [8, { type: 7, field: "int64_data", isList: true }],
  [9, { type: 8, field: "string_data", isList: true }],
]);

/** Finds every tensor of a model: of its graph, of the graphs in its nodes (`If`, `Loop`, `Scan`), and of its functions. */
export class GraphWalker {
  private count = 0;

  constructor(private readonly reader: PagedReader) {}

  /**
   * The tensors of a GraphProto: its initializers, then what its nodes hold.
   * @param prefix what the names of its tensors begin with: the path of nodes and attributes to it
   */
  async graph(range: Range, prefix: string, depth: number): Promise<FoundTensor[]> {
    if (depth > limits.onnxDepth) throw this.tooDeep(range);
    const initializers: FoundTensor[] = [];
    const inNodes: FoundTensor[] = [];
    for await (const field of fieldsOf(this.reader, range)) {
      if (field.number === graphFields.initializer) initializers.push(this.found(prefix, await readTensorProto(this.reader, field)));
      else if (field.number === graphFields.sparse) initializers.push(await this.sparse(field, prefix));
      else if (field.number === graphFields.node) append(inNodes, await this.node(field, prefix, depth));
    }
    return append(initializers, inNodes);
  }

  /** The tensors of a FunctionProto, named `domain::name/…`. */
  async function(range: Range): Promise<FoundTensor[]> {
    let [name, domain] = ["", ""];
    const nodes: Range[] = [];
    for await (const field of fieldsOf(this.reader, range)) {
      if (field.number === functionFields.name) name = await this.text(field);
      else if (field.number === functionFields.domain) domain = await this.text(field);
      else if (field.number === functionFields.node) nodes.push(field);
    }
    const tensors: FoundTensor[] = [];
    for (const node of nodes) append(tensors, await this.node(node, `${domain}::${name}/`, 0));
    return tensors;
  }

  private async node(range: Range, prefix: string, depth: number): Promise<FoundTensor[]> {
    let [name, output, operator] = ["", "", ""];
    const attributes: Range[] = [];
    for await (const field of fieldsOf(this.reader, range)) {
      if (field.number === nodeFields.output && output === "") output = await this.text(field);
      else if (field.number === nodeFields.name) name = await this.text(field);
      else if (field.number === nodeFields.operator) operator = await this.text(field);
      else if (field.number === nodeFields.attribute) attributes.push(field);
    }
    const own = name || output || operator;
    const tensors: FoundTensor[] = [];
    for (const attribute of attributes) {
      const found =
        operator === "Constant"
          ? await this.constant(attribute, prefix + output)
          : await this.attribute(attribute, `${prefix}${own}/`, depth);
      append(tensors, found);
    }
    return tensors;
  }

  /** What an attribute of `Constant` holds: the value of the node's output. */
  private async constant(range: Range, name: string): Promise<FoundTensor[]> {
    const pieces: Range[] = [];
    let isFull = false;
    let value: ValueField | undefined;
    for await (const field of fieldsOf(this.reader, range)) {
      if (field.number === attributeFields.tensor) return [this.found("", { ...(await readTensorProto(this.reader, field)), name })];
      if (field.number === attributeFields.sparse) return [{ ...(await this.sparse(field, "")), name }];
      const known = valueFields.get(field.number);
      if (!known) continue;
      value = known;
      isFull ||= pieces.length >= limits.onnxPieces;
      if (!isFull) pieces.push({ offset: field.offset, bytes: field.bytes });
    }
    if (!value) return [];
    const typed = new Map([[value.field, isFull ? undefined : pieces]]);
    return [this.found("", { name, dims: value.isList ? undefined : [], dataType: value.type, range, typed, isSegment: false })];
  }

  /** Tensors and graphs in an attribute of any other node. */
  private async attribute(range: Range, prefix: string, depth: number): Promise<FoundTensor[]> {
    let name = "";
    const values: { number: number; range: Range }[] = [];
    for await (const field of fieldsOf(this.reader, range)) {
      if (field.number === attributeFields.name) name = await this.text(field);
      else if (valuesInAttributes.has(field.number)) values.push({ number: field.number, range: field });
    }
    const tensors: FoundTensor[] = [];
    for (const [index, { number, range: value }] of values.entries()) {
      const path = `${prefix}${name}${values.length > 1 ? `/${index}` : ""}`;
      if (number === attributeFields.graph || number === attributeFields.graphs) {
        append(tensors, await this.graph(value, `${path}/`, depth + 1));
      } else if (number === attributeFields.tensor || number === attributeFields.tensors) {
        tensors.push(this.found("", { ...(await readTensorProto(this.reader, value)), name: path }));
      } else tensors.push({ ...(await this.sparse(value, "")), name: path });
    }
    return tensors;
  }

  /** A SparseTensorProto: the tensor of the values that are not zero, under the name that it gives to the whole. */
  private async sparse(range: Range, prefix: string): Promise<FoundTensor> {
    let values: TensorProto = { name: "", dims: [0], dataType: 0, range, typed: new Map(), isSegment: false };
    const sparseDims: number[] = [];
    for await (const field of fieldsOf(this.reader, range)) {
      if (field.number === sparseFields.values) values = await readTensorProto(this.reader, field);
      else if (field.number === sparseFields.dims) await addDims(this.reader, field, sparseDims);
    }
    return { ...this.found(prefix, values), sparseDims };
  }

  private found(prefix: string, proto: TensorProto): FoundTensor {
    if (++this.count > limits.tensors) {
      throw new FormatError("onnx.too-many-tensors", `${quoteName(this.reader.file.name)} has too many tensors`, {
        file: this.reader.file.name,
        offset: proto.range.offset,
        expected: `at most ${countOf(limits.tensors)}`,
        found: "more",
        hint: "The file is damaged. Download or export it again.",
      });
    }
    return { name: prefix + proto.name, proto };
  }

  private async text(range: Range): Promise<string> {
    return (await textOf(this.reader, range, limits.nameLength)) ?? "";
  }

  private tooDeep({ offset }: Range): FormatError {
    return new FormatError("onnx.too-deep", `${quoteName(this.reader.file.name)} has graphs in graphs without end`, {
      file: this.reader.file.name,
      offset,
      expected: `at most ${limits.onnxDepth} levels`,
      found: "more",
      hint: "The file is damaged, or made to harm. Export the model again.",
    });
  }
}

function append(tensors: FoundTensor[], more: readonly FoundTensor[]): FoundTensor[] {
  for (const tensor of more) tensors.push(tensor);
  return tensors;
}
