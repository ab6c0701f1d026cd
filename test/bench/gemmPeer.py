"""Products of two square float32 matrices by NumPy's BLAS: what the kernel is measured against.

    gemmPeer.py SIZE     prints {"version": ...}, then for every line on stdin multiplies once and prints {"seconds": ...}

One thread: set OPENBLAS_NUM_THREADS=1.
"""

import json
import sys
import time

import numpy as np


def main(size):
    random = np.random.default_rng(1)
    a, b = (random.standard_normal((size, size), dtype=np.float32) for _ in range(2))
    print(json.dumps({"version": np.__version__}), flush=True)
    for _ in sys.stdin:
        started = time.perf_counter()
        a @ b
        print(json.dumps({"seconds": time.perf_counter() - started}), flush=True)


main(int(sys.argv[1]))
