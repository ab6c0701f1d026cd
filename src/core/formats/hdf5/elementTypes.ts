import type { Hdf5Dataset, Hdf5Type } from "./library";

/** `H5T_class_t`. */
const [integers, floats, texts, opaque, compounds, enumerations] = [0, 1, 3, 5, 6, 8];
/** Classes of which elements are listed only, by name. */
const listed: Readonly<Record<number, string>> = { 2: "TIME", 4: "BITFIELD", 7: "REFERENCE", 9: "VLEN", 10: "ARRAY" };

/** What the elements of a dataset are: identifier of a `DType`, or a name for what is listed only. */
export function elementName({ type, kerasType, shape }: Hdf5Dataset): string {
  if (shape === null) return "NULL";
  // HDF5 has no bfloat16: Keras writes its bytes, and what they are beside them.
  if (kerasType === "bfloat16" && type.bytes === 2) return "BF16";
  if (type.class === texts) return "STRING";
  if (type.isVariable) return "VLEN";
  return (
    numberName(type) ??
    (type.class === compounds || type.class === opaque ? `V${type.bytes}` : (listed[type.class] ?? `HDF5:${type.class}`))
  );
}

function numberName(type: Hdf5Type): string | undefined {
  const bits = 8 * type.bytes;
  switch (type.class) {
    case integers:
      return `${type.isSigned ? "I" : "U"}${bits}`;
    case floats:
      return `F${bits}`;
    case enumerations:
      return isBoolean(type) ? "BOOL" : `${type.isSigned ? "I" : "U"}${bits}`;
    case compounds:
      return isComplex(type) ? `C${bits}` : undefined;
    default:
      return undefined;
  }
}

/** As h5py writes booleans: an enumeration of FALSE and TRUE. */
function isBoolean({ bytes, members }: Hdf5Type): boolean {
  return bytes === 1 && members.length === 2 && members[0]!.name === "FALSE" && members[1]!.name === "TRUE";
}

/** As h5py writes complex numbers: a compound of `r` and `i`. The library turns only plain numbers to little-endian. */
function isComplex({ bytes, members }: Hdf5Type): boolean {
  const isPart = (index: number, name: string): boolean => {
    const member = members[index];
    const { type } = member ?? {};
    return (
      member?.name === name &&
      member.offset === (index * bytes) / 2 &&
      type?.class === floats &&
      type.bytes === bytes / 2 &&
      type.isLittleEndian
    );
  };
  return members.length === 2 && isPart(0, "r") && isPart(1, "i");
}
