"""Quantizes one matrix by bitsandbytes or HQQ on the CPU: what the kernels are measured against.

    schemesPeer.py bitsandbytes|hqq FILE ROWS COLUMNS     FILE: float32, row-major

Prints {"version": ..., "rmse": ...}, then for every line on stdin quantizes and dequantizes once and prints {"seconds": ...}.
One thread: set OMP_NUM_THREADS=1.
"""

import json
import sys
import time
from importlib.metadata import version

import numpy as np
import torch

torch.set_num_threads(1)


def bitsandbytes_round(weights):
    from bitsandbytes.functional import dequantize_4bit, quantize_4bit

    packed, state = quantize_4bit(weights, blocksize=64, quant_type="nf4")
    return dequantize_4bit(packed, state)


def hqq_round(weights):
    from hqq.core.quantize import Quantizer

    packed, meta = Quantizer.quantize(
        weights, nbits=4, group_size=64, axis=1, round_zero=True, optimize=True, device="cpu", compute_dtype=torch.float32
    )
    return Quantizer.dequantize(packed, meta)


def main(library, file, rows, columns):
    weights = torch.from_numpy(np.fromfile(file, "<f4").reshape(int(rows), int(columns)))
    run = {"bitsandbytes": bitsandbytes_round, "hqq": hqq_round}[library]
    rmse = (run(weights) - weights).square().mean(dtype=torch.float64).sqrt().item()
    print(json.dumps({"version": version(library), "rmse": rmse}), flush=True)
    for _ in sys.stdin:
        started = time.perf_counter()
        run(weights)
        print(json.dumps({"seconds": time.perf_counter() - started}), flush=True)


main(*sys.argv[1:])
