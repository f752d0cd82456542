"""Environments of their own for what the course is measured against, made when first needed."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def python_of(name):
    """Return the Python of the environment ``name``, made and filled first if it is not there.

    It holds what ``requirements-<name>.txt`` pins, and is filled again when that file changes.
    """
    requirements = HERE / f"requirements-{name}.txt"
    environment = HERE / ".venv" / name
    python = environment / ("Scripts" if os.name == "nt" else "bin") / "python"
    stamp = environment / "installed"
    digest = hashlib.sha256(requirements.read_bytes()).hexdigest()
    if not (python.exists() and stamp.exists() and stamp.read_text() == digest):
        say(f"installing {requirements.name} into {environment.relative_to(HERE.parent)} (minutes)")
        subprocess.run([sys.executable, "-m", "venv", "--clear", environment], check=True)
        pip = [python, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
        subprocess.run([*pip, "-r", requirements.name], cwd=HERE, check=True)
        stamp.write_text(digest)
    return python


def ask(script, *arguments):
    """Run the module ``peers.<script>`` among the peers; return what it prints, one JSON object.

    ``arguments`` are its words on the command line; what it says on stderr is shown.
    """
    command = [python_of("peers"), "-m", f"benchmarks.peers.{script}", *map(str, arguments)]
    quiet = {**os.environ, "JAX_PLATFORMS": "cpu", "TF_CPP_MIN_LOG_LEVEL": "3"}
    done = subprocess.run(
        command, cwd=HERE.parent, env=quiet, stdout=subprocess.PIPE, text=True, check=True
    )
    return json.loads(done.stdout)


def say(text):
    """Tell on stderr how far a long measurement has come."""
    print(f"  {text}", file=sys.stderr, flush=True)
