import { writeFileSync } from "node:fs";
import { writeSafetensors } from "../support/safetensorsWriter";

/** A safetensors file of `count` small matrices, named as those of a mixture of many experts. */
export function writeManyTensors(file: string, count: number): void {
  const parts = ["gate", "up", "down"];
  const tensors = Array.from({ length: count }, (_, index) => ({
    name: `model.layers.${Math.floor(index / 768)}.mlp.experts.${Math.floor(index / 3) % 256}.${parts[index % 3]}_proj.weight`,
    dtype: "F16",
    shape: [4, 2],
  }));
  writeFileSync(file, writeSafetensors(tensors, { format: "pt" }));
}
