"""Reference errors of textbook quantizers, in NumPy and float64.

Reads {"tensors": [{"file", "shape"}], "types": [...]} from stdin, files of raw float32, and prints for every tensor
{type: sums over the finite values}. Affine types: scales in float64, rounding half to even (the design's formats, section 9).
"""

import json
import re
import sys

import numpy as np

FLOAT8 = {"fp8-e4m3": (4, 3, 7, 448.0), "fp8-e5m2": (5, 2, 15, 57344.0)}


def affine(x, finite, bits, symmetric):
    """Dequantized values of runs of numbers, one range for each row of `x`. Only finite values count for the range."""
    known = np.where(finite, x, 0.0)
    low = np.minimum(known.min(axis=1, keepdims=True), 0)
    high = np.maximum(known.max(axis=1, keepdims=True), 0)
    if symmetric:
        limit = 2 ** (bits - 1) - 1
        scale = np.maximum(-low, high) / limit
        zero, least, most = 0, -limit, limit
    else:
        most, least = 2**bits - 1, 0
        scale = (high - low) / most
        zero = np.round(-low / np.where(scale == 0, 1, scale))
    codes = np.clip(np.round(known / np.where(scale == 0, 1, scale)) + zero, least, most)
    return scale * (codes - zero)


def by_runs(x, finite, group, bits, symmetric):
    """The same with ranges of runs of `group` values inside a row; the last run of a row may be shorter."""
    result = np.empty_like(x)
    for start in range(0, x.shape[1], group):
        part = slice(start, start + group)
        result[:, part] = affine(x[:, part], finite[:, part], bits, symmetric)
    return result


def bfloat16(x):
    bits = x.astype(np.float32).view(np.uint32).astype(np.uint64)
    rounded = (bits + 0x7FFF + ((bits >> 16) & 1)) >> 16
    return (rounded.astype(np.uint32) << 16).view(np.float32).astype(np.float64)


def float8(x, exponent_bits, mantissa_bits, bias, largest):
    """Nearest of all values of the type, ties to the even code. Values beyond the largest are not expected."""
    codes = np.arange(1 << (exponent_bits + mantissa_bits))
    exponent, mantissa = codes >> mantissa_bits, codes & ((1 << mantissa_bits) - 1)
    fraction = mantissa / 2.0**mantissa_bits
    values = np.where(exponent == 0, fraction * 2.0 ** (1 - bias), (1 + fraction) * 2.0 ** (exponent - bias))
    values = values[values <= largest]
    magnitude = np.abs(x)
    assert magnitude.max() <= largest
    above = np.clip(np.searchsorted(values, magnitude), 1, len(values) - 1)
    below = above - 1
    to_above, to_below = values[above] - magnitude, magnitude - values[below]
    nearest = np.where((to_above < to_below) | ((to_above == to_below) & (above % 2 == 0)), above, below)
    return np.sign(x) * values[nearest]


def dequantized(name, x, finite):
    if name in FLOAT8:
        return float8(x, *FLOAT8[name])
    if name == "f16":
        return x.astype(np.float16).astype(np.float64)
    if name == "bf16":
        return bfloat16(x)
    match = re.fullmatch(r"int(\d+)(-sym|-asym)?(-tensor|-channel|-g(\d+))?", name)
    bits, symmetric, where = int(match[1]), match[2] == "-sym", match[3]
    if where in (None, "-tensor"):
        return affine(x.reshape(1, -1), finite.reshape(1, -1), bits, symmetric).reshape(x.shape)
    return by_runs(x, finite, x.shape[1] if where == "-channel" else int(match[4]), bits, symmetric)


def sums(x, y, finite):
    x, y = x[finite], y[finite]
    error = np.abs(x - y)
    return {
        "count": x.size,
        "absolute": float(error.sum()),
        "square": float(np.square(error).sum()),
        "largest": float(error.max()),
        "within5": int((error <= 0.05 * np.abs(x)).sum()),
        "product": float((x * y).sum()),
        "squareX": float(np.square(x).sum()),
        "squareY": float(np.square(y).sum()),
    }


def report(tensor, types):
    x = np.fromfile(tensor["file"], "<f4").reshape(-1, tensor["shape"][-1]).astype(np.float64)
    finite = np.isfinite(x)
    return {name: sums(x, dequantized(name, x, finite), finite) for name in types}


request = json.load(sys.stdin)
json.dump([report(tensor, request["types"]) for tensor in request["tensors"]], sys.stdout)
