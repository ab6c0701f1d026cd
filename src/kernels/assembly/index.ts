// The functions of kernels.wasm. All take raw addresses of the imported memory, whose layout is the caller's: no
// runtime, no garbage collector, no statics. Address 0 stands for "none", so nothing may be kept there.
export { affine, affineGroups } from "./affine";
export { binErrors } from "./binErrors";
export { decodeBF16 } from "./decodeBF16";
export { decodeF16 } from "./decodeF16";
export { decodeQ4_0 } from "./decodeQ4_0";
export { decodeQ4_K } from "./decodeQ4_K";
export { decodeQ8_0 } from "./decodeQ8_0";
export { errors } from "./errors";
export { histogram } from "./histogram";
export { moments } from "./moments";
export { patternCounts16, patternCounts32, patternCounts8 } from "./patternCounts";
export { quantizeQ2_K } from "./quantizeQ2_K";
export { quantizeQ3_K } from "./quantizeQ3_K";
export { quantizeQ4_0 } from "./quantizeQ4_0";
export { quantizeQ4_1 } from "./quantizeQ4_1";
export { quantizeQ4_K } from "./quantizeQ4_K";
export { quantizeQ5_0 } from "./quantizeQ5_0";
export { quantizeQ5_1 } from "./quantizeQ5_1";
export { quantizeQ5_K } from "./quantizeQ5_K";
export { quantizeQ6_K } from "./quantizeQ6_K";
export { quantizeQ8_0 } from "./quantizeQ8_0";
export { scanF32 } from "./scanF32";
