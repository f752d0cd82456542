"""A copy of the project in a temporary folder, built there: one's own is left alone."""

import functools
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.environments import HERE, say

PROJECT = HERE.parent
PARTS = ("_config.yml", "_toc.yml", "requirements.txt", "book", "optlib", "chapters")
LEFT_OUT = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints", "_build")


def timed(command, cwd):
    """Run a command and return its seconds; raise RuntimeError with its last words if it fails."""
    started = time.perf_counter()
    done = subprocess.run(
        command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    if done.returncode:
        raise RuntimeError(f"{command} failed in {cwd}:\n{done.stdout[-3000:]}")
    return time.perf_counter() - started


@functools.cache
def built():
    """Copy the project, build it with nothing cached, and return the copy and three durations.

    They are the seconds to fetch npm's files, of the cold build, and of the build after it. The
    copy uses the environment that is running; it is removed when the bench ends.
    """
    keep = tempfile.TemporaryDirectory(prefix="bench-")
    folder = Path(keep.name)
    for name in PARTS:
        source = PROJECT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=LEFT_OUT)
        else:
            shutil.copy(source, folder / name)
    say("build: the files from npm")
    fetched = timed([sys.executable, "-m", "book.npm"], folder)
    say("build: cold")
    cold = timed([sys.executable, "book/build.py"], folder)
    say("build: warm")
    warm = timed([sys.executable, "book/build.py"], folder)
    return keep, fetched, cold, warm


def pages():
    """Return the folder of built pages."""
    return Path(built()[0].name) / "_build" / "html"


def chapters():
    """Return the addresses of the chapters below the built pages, in order."""
    toc = (PROJECT / "_toc.yml").read_text(encoding="utf8")
    return [f"{name}.html" for name in re.findall(r"chapters/\d\d_\w+$", toc, re.M)]
