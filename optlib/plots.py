"""Pictures that chapters use: maps with paths, losses, lines, stems, heat maps, tables.

Each function returns an ``svg.Picture`` (or a ``Table``) and asks for ``alt``, the text that says
what is to be seen. They draw with ``style``'s colours only, so that pictures follow the theme.
"""

import numpy as np

GRID = 160


def grid_of(surface, count=GRID):
    """Return X, Y, Z of a two-dimensional surface over its domain, each ``(count, count)``."""
    if surface.dim != 2:
        raise ValueError(f"surface {surface.name!r} has dimension {surface.dim}; expected 2")
    X, Y = np.meshgrid(*(np.linspace(low, high, count) for low, high in surface.domain))
    return X, Y, surface.f(np.stack([X, Y], axis=-1))


def levels(surface, count=14):
    """Return ``count`` heights for contours, dense where the surface is low.

    ``low + (high − low) (k / count)^p`` for k = 1, …, count, with p such that the middle one is the
    median height of the domain (p between 1.5 and 6): a valley's floor then shows, however steep
    its walls. Raises ValueError unless the surface has two dimensions and ``count`` is at least 2.
    """
    if isinstance(count, bool) or not isinstance(count, (int, np.integer)) or count < 2:
        raise ValueError(f"count = {count!r}; expected a whole number >= 2")
    Z = grid_of(surface, 101)[2]
    low, high = Z.min(), Z.max()
    if not np.isfinite(high - low) or high <= low:
        raise ValueError(f"surface {surface.name!r} spans {low} to {high}; expected a finite range")
    share = np.clip((np.median(Z) - low) / (high - low), 1e-9, 1 - 1e-9)
    power = np.clip(np.log(share) / np.log(0.5), 1.5, 6)
    return low + (high - low) * (np.arange(1, count + 1) / count) ** power
