import { findDecoder } from "../../src/core/decode/decoder";
import type { ChangedTensor, LayerProvider, QuantizedLayer } from "../../src/core/export/quantizedLayer";
import { groupsOf } from "../../src/core/export/quantizedLayer";
import { PackedReader } from "../../src/core/packed/packedReader";
import type { Checkpoint } from "../../src/core/tensor/checkpoint";
import { countValues, type TensorInfo } from "../../src/core/tensor/tensorInfo";
import { openSource } from "../../src/jobs/tasks/byteSource";

/** What a quantized checkpoint holds, as a quantizer would have given it: codes, scales and zero-points of its layers, and every other tensor. */
export function providerOf(checkpoint: Checkpoint, form: { symmetric: boolean; groupSize: number }): LayerProvider {
  return {
    async *layers() {
      for (const tensor of checkpoint.tensors)
        yield await Promise.resolve(tensor.packed ? layerOf(tensor, form) : plainOf(tensor, checkpoint));
    },
  };
}

function layerOf(tensor: TensorInfo, { symmetric, groupSize }: { symmetric: boolean; groupSize: number }): QuantizedLayer {
  const ref = tensor.source!.ref;
  if (ref.kind !== "packed") throw new Error(`${tensor.name} is no packed weight`);
  const [rows, columns] = tensor.shape as [number, number];
  const { bits } = tensor.packed!;
  const reader = new PackedReader(ref, openSource);
  const { codes, scales, zeros } = reader.elements({ row: 0, rows, column: 0, columns });
  // Signed codes and zero-points of 0 are those of symmetric layers of compressed-tensors.
  const shift = ref.layout.codes.form === "stream" ? ref.layout.codes.subtract : ref.layout.codes.form === "bytes" ? 128 : 0;
  const groups = groupsOf(columns, groupSize);
  const order = ref.layout.order === undefined ? undefined : new Int32Array(readPart(ref.parts[ref.layout.order]!).buffer);
  const groupOf = (column: number): number => order?.[column] ?? (groupSize === -1 ? 0 : Math.floor(column / groupSize));
  const found = { scales: new Float32Array(rows * groups), zeros: new Float32Array(rows * groups) };
  for (let i = 0; i < rows * columns; i++) {
    const cell = Math.floor(i / columns) * groups + groupOf(i % columns);
    found.scales[cell] = scales[i]!;
    found.zeros[cell] = zeros[i]! + shift;
  }
  const layer: QuantizedLayer = {
    kind: "layer",
    name: tensor.name,
    ...{ rows, columns, bits, groupSize, symmetric },
    codes: Uint8Array.from(codes, (code) => code + shift),
    ...found,
    ...(order ? { groupIndex: order } : {}),
  };
  reader.close();
  return layer;
}

function readPart(part: { source: Parameters<typeof openSource>[0]; offset: number; rows: number; columns: number }): Uint8Array {
  const bytes = new Uint8Array(4 * part.rows * part.columns);
  const source = openSource(part.source);
  source.read(part.offset, bytes);
  source.close();
  return bytes;
}

function plainOf(tensor: TensorInfo, checkpoint: Checkpoint): ChangedTensor {
  const bytes = new Uint8Array(tensor.bytes);
  const source = openSource(checkpoint.files[tensor.file]!.file!.ref);
  source.read(tensor.offset, bytes);
  source.close();
  const values = new Float32Array(countValues(tensor.shape));
  findDecoder(tensor.dtype)!.decode(bytes, values);
  return { kind: "tensor", name: tensor.name, values };
}
