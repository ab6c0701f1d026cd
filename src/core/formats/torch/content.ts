import type { MetadataValue } from "../../tensor/checkpoint";
import type { TensorInfo } from "../../tensor/tensorInfo";

/** What one file of PyTorch's holds. */
export interface TorchContent {
  readonly tensors: readonly TensorInfo[];
  /** Numbers and texts beside the tensors, by the path to them. */
  readonly metadata: ReadonlyMap<string, MetadataValue>;
}
