"""Reference statistics in NumPy and float64.

Reads {"bins", "tensors": [{"file", "offset", "bytes", "dtype"}]} from stdin and prints a list with the figures of each
tensor, over the finite values. They are those of what is stored: float64 for types that float32 cannot hold.
"""

import json
import sys

import numpy as np

PERCENTILES = {"0.1": 1, "1": 10, "5": 50, "25": 250, "50": 500, "75": 750, "95": 950, "99": 990, "99.9": 999}

NUMBERS = {
    "F64": "<f8",
    "F32": "<f4",
    "F16": "<f2",
    "I8": "i1",
    "U8": "u1",
    "I16": "<i2",
    "U16": "<u2",
    "I32": "<i4",
    "U32": "<u4",
    "I64": "<i8",
    "U64": "<u8",
}

WIDE = {"F64", "I32", "U32", "I64", "U64"}


def small_floats(exponent_bits, mantissa_bits, bias, special):
    """The value of every code of a float of at most 8 bits. `special` is how NaN and Inf are spelled."""
    codes = np.arange(1 << (1 + exponent_bits + mantissa_bits))
    mantissa = codes & ((1 << mantissa_bits) - 1)
    exponent = (codes >> mantissa_bits) & ((1 << exponent_bits) - 1)
    sign = np.where(codes >> (exponent_bits + mantissa_bits), -1.0, 1.0)
    normal = (1 + mantissa / 2.0**mantissa_bits) * 2.0 ** (exponent - bias)
    subnormal = mantissa / 2.0**mantissa_bits * 2.0 ** (1 - bias)
    values = sign * np.where(exponent == 0, subnormal, normal)
    top = exponent == (1 << exponent_bits) - 1
    if special == "ieee":
        values[top] = np.where(mantissa[top] == 0, sign[top] * np.inf, np.nan)
    elif special == "all ones is NaN":
        values[top & (mantissa == (1 << mantissa_bits) - 1)] = np.nan
    elif special == "minus zero is NaN":
        values[1 << (exponent_bits + mantissa_bits)] = np.nan
    return values.astype(np.float32)


TABLES = {
    "F8_E4M3": small_floats(4, 3, 7, "all ones is NaN"),
    "F8_E5M2": small_floats(5, 2, 15, "ieee"),
    "F8_E4M3FNUZ": small_floats(4, 3, 8, "minus zero is NaN"),
    "F8_E5M2FNUZ": small_floats(5, 2, 16, "minus zero is NaN"),
    "F8_E8M0": np.append(2.0 ** np.arange(-127, 128), np.nan).astype(np.float32),
    "F6_E2M3": small_floats(2, 3, 1, "none"),
    "F6_E3M2": small_floats(3, 2, 3, "none"),
    "F4": small_floats(2, 1, 1, "none"),
    "BOOL": (np.arange(256) != 0).astype(np.float32),
}


def packed_codes(raw, bits):
    """Codes of `bits` bits from a little-endian bit stream."""
    stream = np.unpackbits(raw, bitorder="little").reshape(-1, bits)
    return np.packbits(stream, axis=1, bitorder="little").reshape(-1)


def decode(tensor):
    raw = np.fromfile(tensor["file"], np.uint8, tensor["bytes"], offset=tensor["offset"])
    dtype = tensor["dtype"]
    if dtype in NUMBERS:
        return raw.view(NUMBERS[dtype]).astype(np.float64 if dtype in WIDE else np.float32)
    if dtype == "BF16":
        return (raw.view("<u2").astype(np.uint32) << 16).view(np.float32)
    if dtype.startswith("F6"):
        return TABLES[dtype][packed_codes(raw, 6)]
    if dtype == "F4":
        return TABLES[dtype][packed_codes(raw, 4)]
    return TABLES[dtype][raw]


def moments(x):
    # Around the first value: exact zeros for a constant, and no digits lost where |mean| is far above std.
    shifted = x - x[0]
    mean = shifted.mean()
    deviations = shifted - mean
    m2 = np.square(deviations).mean()
    m4 = np.square(np.square(deviations)).mean()
    return {
        "mean": float(x[0] + mean),
        "std": float(np.sqrt(m2)),
        "rms": float(np.sqrt(np.square(x).mean())),
        "kurtosis": float(m4 / m2**2) if m2 > 0 else None,
    }


def float32_ulp(x):
    """Distance between neighbouring float32 values around each x, as if their exponents had no upper end."""
    with np.errstate(divide="ignore"):
        return np.exp2(np.maximum(np.floor(np.log2(np.abs(x))), -126) - 23)


def histogram(values, bins):
    """numpy.histogram's counts, and how many values lie below each inner edge at least and at most.

    A value within one float32 ulp of an edge may fall on either side. Near an edge at 0, where such an ulp means
    nothing, float64's own rounding of (x - min) takes its place; for types wider than float32 it is all there is.
    """
    x = values.astype(np.float64)
    low, high = x[0], x[-1]
    if low == high:
        low, high = low - 0.5, high + 0.5
    edges = np.linspace(low, high, bins + 1)[1:-1]
    rounding = 8 * np.finfo(np.float64).eps * max(abs(low), abs(high))
    slack = np.maximum(float32_ulp(edges) if values.dtype == np.float32 else 0, rounding)
    at_least = np.searchsorted(x, edges - slack, "left")
    at_most = np.searchsorted(x, edges + slack, "right")
    counts, _ = np.histogram(x, bins, (low, high))
    below = np.cumsum(counts)[:-1]
    assert ((at_least <= below) & (below <= at_most)).all(), "numpy.histogram breaks the rule itself"
    return {
        "min": float(low),
        "max": float(high),
        "counts": counts.tolist(),
        "atLeast": at_least.tolist(),
        "atMost": at_most.tolist(),
    }


def figures(values, bins):
    finite = values[np.isfinite(values)]
    report = {
        "count": values.size,
        "finite": finite.size,
        "nan": int(np.isnan(values).sum()),
        "inf": int(np.isinf(values).sum()),
        "zero": int((values == 0).sum()),
    }
    if finite.size == 0:
        return report
    ordered = np.sort(finite)
    ranks = {key: max(1, -(-thousandths * finite.size // 1000)) for key, thousandths in PERCENTILES.items()}
    return {
        **report,
        "min": float(ordered[0]),
        "max": float(ordered[-1]),
        "absMax": float(np.abs(finite).max()),
        **moments(finite.astype(np.float64)),
        "percentiles": {key: float(ordered[rank - 1]) for key, rank in ranks.items()},
        "histogram": histogram(ordered, bins),
    }


request = json.load(sys.stdin)
json.dump([figures(decode(tensor), request["bins"]) for tensor in request["tensors"]], sys.stdout)
