"""Measure the book beside what else one would use, and print ratios from this one run.

    python -m benchmarks.run                # everything (`make bench`)
    python -m benchmarks.run live sweep     # some sections

A section is a module beside this one with a function `measure()` that returns rows (`table.py`).
Times depend on the machine and are context; the ratios are what is measured. What takes long says
so on stderr; the table goes to stdout and to benchmarks/latest.md.
"""

import argparse
import importlib
import os
import platform
import re
import sys
import time
from pathlib import Path

from benchmarks.environments import HERE, say
from benchmarks.table import markdown

SECTIONS = tuple(
    path.stem
    for path in sorted(HERE.glob("*.py"))
    if re.search(r"^def measure\(", path.read_text(encoding="utf8"), re.M)
)


def machine():
    """Return a sentence on what this was measured with."""
    import matplotlib
    import numpy

    kind = platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        names = [
            line.partition(":")[2].strip()
            for line in cpuinfo.read_text().splitlines()
            if line.startswith("model name")
        ]
        kind = f"{names[0]} ({kind})" if names else kind
    return (
        f"{platform.system()}, {kind}, {os.cpu_count()} cores; Python {platform.python_version()}, "
        f"NumPy {numpy.__version__}, Matplotlib {matplotlib.__version__}."
    )


def load():
    """Return the machine's load over the last minute in words, where it is known."""
    return f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"


def main():
    """Run the sections asked for, print and write the table; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "sections",
        nargs="*",
        metavar="section",
        help=f"some of {', '.join(SECTIONS)}; all if none is named",
    )
    asked = parser.parse_args().sections or list(SECTIONS)
    if unknown := [name for name in asked if name not in SECTIONS]:
        parser.error(f"section = {unknown[0]!r}; expected some of {', '.join(SECTIONS)}")
    before, rows, failed = load(), [], []
    for name in asked:
        started = time.monotonic()
        try:
            rows += importlib.import_module(f"benchmarks.{name}").measure()
        except Exception as error:  # one section must not lose what the others measured
            failed.append(name)
            say(f"{name} failed: {type(error).__name__}: {error}")
        say(f"{name}: {time.monotonic() - started:.0f} s")
    words = f"{machine()} Load before: {before}, after: {load()}."
    report = f"{words}\n\n{markdown(rows)}"
    print(report, end="")
    (HERE / "latest.md").write_text(report, encoding="utf8")
    if failed:
        print(f"not measured, see above: {', '.join(failed)}", file=sys.stderr)
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
