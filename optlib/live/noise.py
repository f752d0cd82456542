"""Noise that is a function of (seed, index), so that Python and the page draw the same numbers.

A counter is scrambled to 32 bits (the mixing of C. Wellons' hash-prospector, "lowbias32"); two of
them make one standard normal number (Box and Muller, 1958). ``js/numbers.js`` does the same.
"""

import numpy as np


def scramble(counter):
    """Mix unsigned 32-bit integers so that neighbours look unrelated."""
    k = np.asarray(counter, dtype=np.uint32)
    with np.errstate(over="ignore"):
        k = (k ^ (k >> np.uint32(16))) * np.uint32(0x21F0AAAD)
        k = (k ^ (k >> np.uint32(15))) * np.uint32(0x735A2D97)
    return k ^ (k >> np.uint32(15))


def normals(seed, count):
    """Return ``count`` standard normal numbers, always the same for the same ``seed``."""
    base = scramble(seed)
    counter = base + np.arange(2 * count, dtype=np.uint32)
    uniform = (scramble(counter) + 0.5) / 2.0**32
    first, second = uniform[0::2], uniform[1::2]
    return np.sqrt(-2 * np.log(first)) * np.cos(2 * np.pi * second)
