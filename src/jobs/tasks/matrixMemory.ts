import { Arena } from "../../core/linalg/arena";
import { type Kernels, loadKernels } from "../../kernels/kernels";

/** Pages a memory can have: 4 GiB less one, so that every address fits in 32 bits. */
const mostPages = 65535;

/** Kernels over a memory of their own that grows as matrices need it, for one task after the other. */
export class MatrixMemory {
  readonly kernels: Kernels;

  constructor(module: WebAssembly.Module) {
    this.kernels = loadKernels(module, { initialPages: 64, maximumPages: mostPages });
  }

  /** All of the memory, free. */
  arena(): Arena {
    return new Arena(this.kernels.memory);
  }
}
