"""Ask of every link that leaves the book whether it still leads somewhere, with Sphinx's linkcheck.

It needs the network, so it is no part of `make test`; a weekly run of it is enough. What was found
is in `_build/linkcheck/output.txt`.
"""

import sys
from pathlib import Path

from book.build import COMMAND, ROOT, TIMEOUT, run


def main(root: Path = ROOT) -> int:
    """Check; print what is broken; return 1 if anything is."""
    # Warnings are not errors here: a redirection is one.
    command = [part for part in COMMAND if part not in {"-W", "--keep-going"}]
    status = run([*command, "--builder", "custom", "--custom-builder", "linkcheck"], root, TIMEOUT)
    output = root / "_build" / "linkcheck" / "output.txt"
    lines = output.read_text(encoding="utf8").splitlines() if output.exists() else []
    broken = [line for line in lines if "[broken]" in line]
    print("\n".join(broken) or f"no broken link among those looked at: {output}")
    return 1 if broken or status else 0


if __name__ == "__main__":
    sys.exit(main())
