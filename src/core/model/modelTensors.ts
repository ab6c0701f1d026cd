import { isConstant } from "../convert/fromHuggingFace";
import { FormatError } from "../errors";
import { ggufName } from "../recipe/tensorNames";
import type { Checkpoint } from "../tensor/checkpoint";
import type { TensorInfo } from "../tensor/tensorInfo";
import type { ModelFamily } from "./families/family";
import { factorTensors } from "./ggufKeys";
import type { LinearLayer, NormLayer } from "./modelDescription";

/** The tensors of a checkpoint by the part they play, named as in GGUF files. What is taken out is checked, and noted as used. */
export class ModelTensors {
  private readonly byRole = new Map<string, TensorInfo>();
  private readonly left = new Set<string>();

  constructor(checkpoint: Checkpoint, family: ModelFamily) {
    const isGguf = checkpoint.format === "gguf";
    for (const info of checkpoint.tensors) {
      const role = isGguf ? info.name : ggufName(info.name, family.id);
      const isIgnored = isGguf ? (factorTensors as readonly string[]).includes(info.name) : isOutside(info.name, family);
      if (isIgnored) continue;
      this.left.add(info.name);
      if (role !== undefined) this.byRole.set(role, info);
    }
  }

  has(role: string): boolean {
    return this.byRole.has(role);
  }

  /** @throws FormatError `model.missing-tensor`, `model.wrong-shape` */
  linear(role: string, outputs: number, inputs: number, hasBias?: boolean): LinearLayer {
    const tensor = this.take(`${role}.weight`, [outputs, inputs]);
    if (!hasBias && !this.has(`${role}.bias`)) return { tensor, outputs, inputs };
    return { tensor, outputs, inputs, bias: this.take(`${role}.bias`, [outputs]) };
  }

  /** @throws FormatError `model.missing-tensor`, `model.wrong-shape` */
  norm(role: string, length: number, { epsilon, normShift }: { epsilon: number; normShift: 0 | 1 }): NormLayer {
    return { tensor: this.take(`${role}.weight`, [length]), length, epsilon, shift: normShift };
  }

  /** Rows of the embedding. @throws FormatError `model.missing-tensor` */
  vocabulary(): number {
    return this.need("token_embd.weight").shape[0] ?? 0;
  }

  /** The name of a tensor of that role and shape. @throws FormatError `model.missing-tensor`, `model.wrong-shape` */
  take(role: string, shape: readonly number[]): string {
    const info = this.need(role);
    if (info.shape.length !== shape.length || info.shape.some((length, i) => length !== shape[i])) {
      throw new FormatError("model.wrong-shape", `${info.name} has another shape than the configuration says`, {
        tensor: info.name,
        expected: shape.join(" × "),
        found: info.shape.join(" × "),
        hint: "The weights and the configuration belong to different models.",
      });
    }
    this.left.delete(info.name);
    return info.name;
  }

  /** @throws FormatError `model.unknown-part` for a tensor that nobody took: leaving it out would give numbers that look right */
  checkAllUsed(family: string): void {
    const [tensor] = this.left;
    if (tensor === undefined) return;
    throw new FormatError("model.unknown-part", `The model cannot be run: it is not known what ${tensor} is for`, {
      tensor,
      expected: `the tensors of the architecture ${family}`,
      found: this.left.size === 1 ? "one tensor more" : `${this.left.size} tensors more`,
      hint: "The checkpoint has parts that this architecture does not: an adapter, a head, or another model's weights.",
    });
  }

  private need(role: string): TensorInfo {
    const info = this.byRole.get(role);
    if (info) return info;
    throw new FormatError("model.missing-tensor", `The checkpoint has no tensor ${role}`, {
      expected: `${role}, or what Hugging Face calls it`,
      found: "nothing",
      hint: "The checkpoint is incomplete: a shard is missing, or weights were left out when it was written.",
    });
  }
}

/** Constants, and parts of other models in the same files. */
const isOutside = (name: string, family: ModelFamily): boolean => isConstant(name) || (family.isIgnored?.(name) ?? false);
