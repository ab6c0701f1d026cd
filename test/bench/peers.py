"""Statistics of a safetensors file by NumPy or PyTorch: what the command line is measured against.

    peers.py numpy|torch [THREADS]        commands on stdin, one a line: "load FILE" or "run"; one JSON document a line back
    peers.py numpy|torch THREADS FILE     loads and computes once, as a script would

A "run" computes minimum, maximum, mean, standard deviation and a histogram of 256 bins of every tensor. It is timed
with all values in memory already: reading, imports and start-up are not counted.
"""

import json
import sys
import time

import numpy as np

BINS = 256


def tensors_of(file):
    """Arrays of the stored values, in order: float32, or uint16 patterns of bfloat16."""
    with open(file, "rb") as stream:
        length = int.from_bytes(stream.read(8), "little")
        header = json.loads(stream.read(length))
        header.pop("__metadata__", None)
        for entry in sorted(header.values(), key=lambda entry: entry["data_offsets"]):
            start, end = entry["data_offsets"]
            stream.seek(8 + length + start)
            dtype = {"F32": "<f4", "BF16": "<u2"}[entry["dtype"]]
            yield np.fromfile(stream, dtype, (end - start) // np.dtype(dtype).itemsize)


class NumPy:
    version = np.__version__

    def load(self, file):
        self.tensors = list(tensors_of(file))

    def figures(self, stored):
        x = stored if stored.dtype == np.float32 else (stored.astype(np.uint32) << 16).view(np.float32)
        low, high = x.min(), x.max()
        counts, _ = np.histogram(x, BINS, (low, high))
        return low, high, x.mean(), x.std(), counts


class Torch:
    def __init__(self, threads):
        import torch

        torch.set_num_threads(threads)
        self.torch = torch
        self.version = f"{torch.__version__}, {threads} threads"

    def load(self, file):
        self.tensors = [self.wrap(stored) for stored in tensors_of(file)]

    def wrap(self, stored):
        if stored.dtype == np.float32:
            return self.torch.from_numpy(stored)
        return self.torch.from_numpy(stored.view(np.int16)).view(self.torch.bfloat16)

    def figures(self, stored):
        x = stored.float()
        low, high = self.torch.aminmax(x)
        low, high = low.item(), high.item()
        return low, high, x.mean().item(), x.std(unbiased=False).item(), self.torch.histc(x, BINS, low, high).numpy()


def run(peer):
    started = time.perf_counter()
    results = [peer.figures(stored) for stored in peer.tensors]
    seconds = time.perf_counter() - started
    names = ("min", "max", "mean", "std")
    tensors = [{**{name: float(value) for name, value in zip(names, result)}, "counts": result[4].astype(int).tolist()} for result in results]
    return {"seconds": seconds, "tensors": tensors}


def main(library, threads=1, file=None):
    peer = NumPy() if library == "numpy" else Torch(int(threads))
    if file is not None:
        peer.load(file)
        print(json.dumps(run(peer)))
        return
    print(json.dumps({"version": peer.version}), flush=True)
    for line in sys.stdin:
        command, _, argument = line.strip().partition(" ")
        if command == "load":
            peer.tensors = []
            peer.load(argument)
            print("{}", flush=True)
        else:
            print(json.dumps(run(peer)), flush=True)


main(*sys.argv[1:])
