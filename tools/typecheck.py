"""Check the types of the scripts, as `tsconfig.json` says; `make types` runs this.

TypeScript comes from npm at the version pinned in `book/package.json` and runs in the node that pip
installed. Types stand in the scripts' JSDoc; nothing is compiled.
"""

import subprocess
import sys
from pathlib import Path

from book import npm
from tools.server import locked

ROOT = Path(__file__).resolve().parent.parent


def typescript() -> Path:
    """Return TypeScript's compiler, fetched first if it is not there."""
    with locked(ROOT / "_build" / ".npm"):
        return npm.fetch(ROOT / "_build" / "npm") / "typescript" / "bin" / "tsc"


def check(folder: Path = ROOT) -> int:
    """Check what the `tsconfig.json` in `folder` includes; print what is wrong; return a status."""
    return subprocess.run([npm.NODE, typescript(), "--project", folder], cwd=folder).returncode


if __name__ == "__main__":
    sys.exit(check())
