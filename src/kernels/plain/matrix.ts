import { awqCode, awqGrid, awqValue } from "../../core/awq/awqGrid";
import type { GrowableMemory, MatrixKernels } from "../../core/linalg/matrixKernels";
import { roundHalfEven } from "../../core/quant/roundHalfEven";

/** Summands between two additions to C, as in the kernel. */
const depth = 384;
const { fround } = Math;

/** Twins of the kernels of linear algebra and GPTQ over a memory of their own: the same bits. */
export function plainMatrixKernels(memory: GrowableMemory): MatrixKernels {
  const floats = (address: number): Float32Array => new Float32Array(memory.buffer, address);
  return {
    memory,

    multiplyAdd(m, n, k, alpha, a, lda, acrossA, b, ldb, acrossB, c, ldc, part) {
      const [left, right, target] = [floats(a), floats(b), floats(c)];
      for (let i = 0; i < m; i++) {
        for (let j = 0; j < n; j++) {
          if (part === 1 && (i & ~3) + 4 <= (j & ~7)) continue;
          if (part === 2 && (i & ~3) >= (j & ~7) + 8) continue;
          for (let from = 0; from < k; from += depth) {
            let sum = 0;
            for (let s = from; s < Math.min(k, from + depth); s++) {
              const x = fround(alpha * left[acrossA ? s * lda + i : i * lda + s]!);
              sum = fround(sum + fround(x * right[acrossB ? j * ldb + s : s * ldb + j]!));
            }
            target[i * ldc + j] = target[i * ldc + j]! + sum;
          }
        }
      }
    },

    choleskyBlock(n, a, lda, inverse) {
      const [l, result] = [floats(a), floats(inverse)];
      for (let j = 0; j < n; j++) {
        let pivot = l[j * lda + j]!;
        for (let k = 0; k < j; k++) pivot -= l[j * lda + k]! * l[j * lda + k]!;
        if (!(pivot > 0)) return j;
        const root = Math.sqrt(pivot);
        l[j * lda + j] = root;
        for (let i = j + 1; i < n; i++) {
          let sum = l[i * lda + j]!;
          for (let k = 0; k < j; k++) sum -= l[i * lda + k]! * l[j * lda + k]!;
          l[i * lda + j] = sum / root;
        }
      }
      for (let j = 0; j < n; j++) {
        for (let i = 0; i < j; i++) result[i * n + j] = 0;
        for (let i = j; i < n; i++) {
          let sum = i === j ? 1 : 0;
          for (let k = j; k < i; k++) sum -= l[i * lda + k]! * result[k * n + j]!;
          result[i * n + j] = sum / l[i * lda + i]!;
        }
      }
      return -1;
    },

    gptqColumns(w, ldw, columns, rows, u, ldu, grids, maxCode, levels, errors, codes, loss) {
      const [weights, upper, lost] = [floats(w), floats(u), floats(loss)];
      const addresses = new Uint32Array(memory.buffer, grids, columns);
      const book = levels === 0 ? undefined : floats(levels).subarray(0, 2 * maxCode + 1);
      const [codeBytes, errorValues] = [new Uint8Array(memory.buffer, codes), floats(errors)];
      for (let row = 0; row < rows; row++) {
        let sum = 0;
        for (let j = 0; j < columns; j++) {
          const grid = floats(addresses[j]!);
          const [scale, zero, min] = [grid[row]!, grid[rows + row]!, grid[2 * rows + row]!];
          const weight = weights[j * ldw + row]!;
          const nearest = fround(roundHalfEven(fround(fround(weight + min) / scale)) + zero);
          const code = book ? countBelow(book.subarray(maxCode + 1), fround(weight / scale)) : Math.min(maxCode, nearest > 0 ? nearest : 0);
          const value = book ? fround(scale * book[code]!) : fround(fround(scale * fround(code - zero)) - min);
          const error = fround(fround(weight - value) / upper[j * ldu + j]!);
          weights[j * ldw + row] = value;
          errorValues[j * rows + row] = error;
          codeBytes[j * rows + row] = code;
          sum = fround(sum + fround(error * error));
          for (let k = j + 1; k < columns; k++) {
            weights[k * ldw + row] = weights[k * ldw + row]! - fround(upper[j * ldu + k]! * error);
          }
        }
        lost[row] = lost[row]! + fround(sum * 0.5);
      }
    },

    gptqGrid(w, ldw, columns, rows, maxCode, symmetric, grid) {
      const [weights, target] = [floats(w), floats(grid)];
      for (let row = 0; row < rows; row++) {
        let low = 0;
        let high = 0;
        for (let j = 0; j < columns; j++) {
          const value = weights[j * ldw + row]!;
          if (value < low) low = value;
          if (value > high) high = value;
        }
        if (symmetric) {
          high = Math.max(high, -low);
          if (low < 0) low = -high;
        }
        if (low === 0 && high === 0) [low, high] = [-1, 1];
        const scale = fround(fround(high - low) / maxCode);
        target[row] = scale;
        target[rows + row] = symmetric ? (maxCode + 1) / 2 : roundHalfEven(fround(-low / scale));
        target[2 * rows + row] = 0;
      }
    },

    awqErrors(w, stride, rows, columns, group, maxCode, steps, scales, limits, target) {
      const [weights, result] = [floats(w), floats(target)];
      for (let row = 0; row < rows; row++) {
        for (let start = 0; start < columns; start += group) {
          const limit = limits === 0 ? Infinity : floats(limits)[row * (columns / group) + start / group]!;
          const values = weights.slice(row * stride + start, row * stride + start + group).map((value, i) => {
            return scales === 0 ? Math.min(Math.max(value, -limit), limit) : value * floats(scales)[start + i]!;
          });
          const grid = awqGrid(Math.min(...values), Math.max(...values), maxCode, steps);
          values.forEach((value, i) => {
            const found = awqValue(awqCode(value, grid), grid);
            const back = scales === 0 ? found : fround(found / floats(scales)[start + i]!);
            result[row * columns + start + i] = back - weights[row * stride + start + i]!;
          });
        }
      }
    },
  };
}

/** Midpoints that are not above a value. */
function countBelow(midpoints: Float32Array, value: number): number {
  let count = 0;
  for (const midpoint of midpoints) if (value >= midpoint) count++;
  return count;
}
