import type { MetadataEntry, MetadataValue } from "../../tensor/checkpoint";
import type { FlatReader, FlatTable, FlatVector } from "./flatbuffer";

/** Scales, zero points and axis of a quantized tensor as metadata: real value = scale · (stored − zero point). */
export async function quantizationEntries(name: string, reader: FlatReader, tensor: FlatTable): Promise<MetadataEntry[]> {
  const table = await tensor.table(4);
  if (!table) return [];
  const scales = await table.vector(2, 4);
  if (scales.length === 0) return [];
  const zeros = await table.vector(3, 8);
  const axis = await table.u32(6);
  const f32 = (view: DataView): MetadataValue => view.getFloat32(0, true);
  const i64 = (view: DataView): MetadataValue => view.getBigInt64(0, true);
  return [
    arrayEntry(`${name}.scale`, "f32", 4, scales, reader, f32),
    arrayEntry(`${name}.zero_point`, "i64", 8, zeros, reader, i64),
    ...(scales.length > 1 ? [{ key: `${name}.quantized_dimension`, type: "i32", value: axis }] : []),
  ];
}

function arrayEntry(
  key: string,
  element: string,
  bytes: number,
  vector: FlatVector,
  reader: FlatReader,
  decode: (view: DataView) => MetadataValue,
): MetadataEntry {
  const read = async (start: number, count: number): Promise<MetadataValue[]> => {
    const end = Math.min(vector.length, start + count);
    const values: MetadataValue[] = [];
    for (let index = start; index < end; index++) values.push(decode(await reader.view(vector.start + index * bytes, bytes)));
    return values;
  };
  return { key, type: `array<${element}>`, length: vector.length, read };
}
