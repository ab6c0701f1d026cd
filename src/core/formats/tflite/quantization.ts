import type { MetadataEntry, MetadataValue } from "../../tensor/checkpoint";
import type { Flatbuffer, FlatTable, FlatVector } from "./flatbuffer";

/** Slots of QuantizationParameters: real = scale · (q − zero point). */
const slots = { scale: 2, zeroPoint: 3, dimension: 6 } as const;

/** The scales and zero points of a tensor, as metadata: one of each, or one for each index of a dimension. */
export async function quantizationEntries(tensor: string, table: FlatTable, buffer: Flatbuffer): Promise<MetadataEntry[]> {
  const scales = await table.vector(slots.scale, 4);
  if (!scales || scales.length === 0) return [];
  const zeros = await table.vector(slots.zeroPoint, 8);
  const entries = [await numbers(`${tensor}: scale`, "f32", scales, (offset) => readScale(buffer, offset), 4)];
  if (zeros && zeros.length > 0) {
    entries.push(await numbers(`${tensor}: zero_point`, "i64", zeros, (offset) => readZero(buffer, offset), 8));
  }
  if (scales.length > 1) {
    entries.push({ key: `${tensor}: quantized_dimension`, type: "i32", value: await table.i32(slots.dimension) });
  }
  return entries;
}

/** A vector of numbers as metadata: the number itself where there is one. */
async function numbers(
  key: string,
  type: string,
  { offset, length }: FlatVector,
  read: (offset: number) => Promise<MetadataValue>,
  itemBytes: number,
): Promise<MetadataEntry> {
  if (length === 1) return { key, type, value: await read(offset) };
  return {
    key,
    type: `array<${type}>`,
    length,
    read: async (start, count) => {
      const values: MetadataValue[] = [];
      for (let index = start; index < Math.min(start + count, length); index++) values.push(await read(offset + itemBytes * index));
      return values;
    },
  };
}

async function readScale(buffer: Flatbuffer, offset: number): Promise<number> {
  return (await buffer.view(offset, 4)).getFloat32(0, true);
}

async function readZero(buffer: Flatbuffer, offset: number): Promise<bigint> {
  return (await buffer.view(offset, 8)).getBigInt64(0, true);
}
