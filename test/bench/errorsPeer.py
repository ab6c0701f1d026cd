"""Errors of ggml types on a BF16 safetensors file by the package gguf, NumPy's port of ggml: what `errors` is measured against.

    errorsPeer.py FILE TYPE,TYPE,…           one run for every line on stdin, one JSON document a line back
    errorsPeer.py FILE TYPE,TYPE,… once      one run, as a script would

A "run" quantizes and dequantizes every tensor as each type and computes what `quantscope errors` reports. Its "seconds"
count neither imports nor reading.
"""

import json
import sys
import time
from importlib.metadata import version

import numpy as np
from gguf import GGMLQuantizationType
from gguf.quants import dequantize, quantize


def tensors_of(file):
    with open(file, "rb") as stream:
        length = int.from_bytes(stream.read(8), "little")
        header = json.loads(stream.read(length))
        header.pop("__metadata__", None)
        data = np.frombuffer(stream.read(), np.uint8)
    for name, entry in header.items():
        start, end = entry["data_offsets"]
        stored = data[start:end].view("<u2").reshape(entry["shape"])
        yield name, (stored.astype(np.uint32) << 16).view(np.float32)


def figures(x, y):
    x, y = x.ravel(), y.ravel()
    size = np.abs(x)
    error = np.abs(y - x)
    rms, rmse = (float(np.sqrt(np.dot(v, v) / v.size)) for v in (x, error))
    return {
        "mae": float(error.mean()),
        "rmse": rmse,
        "maxError": float(error.max()),
        "relativeRmse": rmse / rms,
        "sqnrDb": 20 * float(np.log10(rms / rmse)),
        "within5": np.count_nonzero(error <= size * np.float32(0.05)) / x.size,
        "cosine": float(np.dot(x, y) / np.sqrt(np.dot(x, x) * np.dot(y, y))),
    }


def run(tensors, types):
    started = time.perf_counter()
    found = {name: {kind.name: figures(x, dequantize(quantize(x, kind), kind)) for kind in types} for name, x in tensors}
    return {"seconds": time.perf_counter() - started, "tensors": found}


def main(file, names, once=None):
    types = [GGMLQuantizationType[name] for name in names.split(",")]
    tensors = list(tensors_of(file))
    if once:
        print(json.dumps(run(tensors, types)))
        return
    print(json.dumps({"version": version("gguf")}), flush=True)
    for _ in sys.stdin:
        print(json.dumps(run(tensors, types)), flush=True)


main(*sys.argv[1:])
