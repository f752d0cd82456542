"""Record what PyTorch, TensorFlow, Keras, Optax and scikit-learn compute, for the tests to compare.

    make references                                       # writes records.json and numbers.npz
    .venv/bin/python tests/references/record.py --check   # compares with them instead

The libraries go into ``tests/references/.venv`` (requirements.txt here), never into the book's own
environment. All run in float64 on one fixed list of gradients, not on a loss, so that a difference
stays where it arises. What the list holds, and why, stands in ``recorder.gradients``; the
cases stand in ``cases.py``.
"""

import argparse
import hashlib
import json
import math
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ENVIRONMENT = HERE / ".venv"
REQUIREMENTS = HERE / "requirements.txt"
INSIDE = "COURSE_REFERENCES_INSIDE"

SAME = 1e-10  # what --check calls the same: libraries mix lerp and multiply-add, never ask for bits


def python_inside():
    """Return the Python of the libraries' environment, made and filled first if it is not there."""
    folder = "Scripts" if os.name == "nt" else "bin"
    python = ENVIRONMENT / folder / "python"
    stamp = ENVIRONMENT / "installed"
    digest = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()
    if not (python.exists() and stamp.exists() and stamp.read_text() == digest):
        print(f"installing the libraries into {ENVIRONMENT} (several minutes)", flush=True)
        subprocess.run([sys.executable, "-m", "venv", ENVIRONMENT], check=True)
        pip = [python, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
        subprocess.run([*pip, "-r", REQUIREMENTS], check=True)
        stamp.write_text(digest)
    return python


def compute():
    """Run every case and return the records and their numbers."""
    os.environ.update(
        KERAS_BACKEND="jax",
        JAX_ENABLE_X64="1",
        JAX_PLATFORMS="cpu",
        TF_CPP_MIN_LOG_LEVEL="3",
        CUDA_VISIBLE_DEVICES="-1",
    )
    import keras

    from references import cases
    from references.recorder import Recorder

    keras.config.set_floatx("float64")
    to = Recorder()
    cases.record_plain(to)
    cases.record_adaptive(to)
    cases.record_adams(to)
    return to.records, to.numbers


def write(records, numbers):
    """Write the two files that the tests read."""
    import numpy as np

    from references import NUMBERS, RECORDS

    if RECORDS.exists():
        check(records, numbers)  # says what moved since the last time
    text = ",\n".join(json.dumps(record, ensure_ascii=False) for record in records)
    RECORDS.write_text(f"[\n{text}\n]\n", encoding="utf-8")
    np.savez_compressed(NUMBERS, **numbers)
    size = RECORDS.stat().st_size + NUMBERS.stat().st_size
    print(f"{len(records)} records, {size / 1000:.0f} kB")


def check(records, numbers):
    """Print how far today's numbers are from the recorded ones; return the exit status."""
    import numpy as np

    from references import difference, load

    recorded = load()
    asked = [(r["rule"], r["hyperparameters"], r["settings"]) for r in records]
    if asked != [(r.rule, r.hyperparameters, r.settings) for r in recorded]:
        print("the cases themselves changed: run `make references` to record them")
        return 1
    worst = 0.0
    for new, old in zip(records, recorded, strict=True):
        same = np.array_equal(numbers[new["gradients"]], old.gradients)
        off = difference(numbers[new["x"]], old) if same else math.inf
        if not off <= SAME:
            print(f"{old.name}: {off:.1e} from {old.version}, now {new['version']}")
        worst = max(worst, off)
    print(f"{len(records)} records compared, worst difference {worst:.1e}, allowed {SAME:.0e}")
    return int(not worst <= SAME)


def main():
    """Enter the libraries' environment, then write or check."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare with the recorded numbers")
    asked = parser.parse_args()
    if os.environ.get(INSIDE) != "1":
        inside = {**os.environ, INSIDE: "1", "PYTHONPATH": str(HERE.parent)}
        command = [python_inside(), __file__, *sys.argv[1:]]
        return subprocess.run(command, env=inside).returncode
    records, numbers = compute()
    if asked.check:
        return check(records, numbers)
    write(records, numbers)
    return 0


if __name__ == "__main__":
    sys.exit(main())
