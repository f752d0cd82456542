"""optlib down to the tracer, mistakes and diagnoses need NumPy alone: so they run inside a page."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

OPTLIB = Path(__file__).resolve().parent.parent / "optlib"
ALONE = [
    "optlib",
    *(f"optlib.{file.stem}" for file in sorted(OPTLIB.glob("[a-z]*.py"))),
    *(f"optlib.trace.{file.stem}" for file in sorted((OPTLIB / "trace").glob("[a-z]*.py"))),
    "optlib.exercises.mistakes",
    "optlib.exercises.diagnose",
]
ATTEMPT = """
import numpy as np
from optlib import Adam, follow, minimize
from optlib.exercises.diagnose import diagnose
from optlib.exercises.mistakes import MISTAKES, START, gradients, settings_of
from optlib.surfaces import Rosenbrock
from optlib.trace import to_latex, trace_rule
wrong = MISTAKES[Adam][3]
print(diagnose(Adam, follow(wrong(**settings_of(Adam)), gradients(), START)).mistake is wrong)
print(len(trace_rule(Adam()).js) > 100, len(to_latex(Adam())) > 100)
sweep = minimize(Rosenbrock(), Adam(lr=np.geomspace(1e-3, 1, 9000)[:, None]), (0, 0), 3, keep="last")
print(sweep.x.shape)
"""


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """Run Python text in a fresh interpreter whose only packages are NumPy and optlib."""
    home = tmp_path_factory.mktemp("alone")
    packages = Path(np.__file__).parent.parent
    for name in ("numpy", "numpy.libs"):
        if (packages / name).exists():
            (home / name).symlink_to(packages / name)
    (home / "optlib").symlink_to(OPTLIB)

    def run(text):
        command = [sys.executable, "-S", "-W", "error", "-c", text]
        environment = {**os.environ, "PYTHONPATH": str(home)}
        done = subprocess.run(command, env=environment, cwd=home, capture_output=True, text=True)
        return done.stdout, done.stderr

    return run


def test_everything_down_to_the_tracer_is_imported_with_numpy_alone(alone):
    assert alone("\n".join(f"import {name}" for name in ALONE) + "\nprint('here')") == (
        "here\n",
        "",
    )


def test_a_mistake_is_diagnosed_with_numpy_alone(alone):
    assert alone(ATTEMPT) == ("True\nTrue True\n(1, 9000, 2)\n", "")


@pytest.mark.parametrize("name", ["matplotlib", "anywidget", "IPython", "ipywidgets", "sympy"])
def test_nothing_else_is_there(alone, name):
    assert f"No module named '{name}'" in alone(f"import {name}")[1]


def test_pictures_do_need_more(alone):
    assert "No module named 'matplotlib'" in alone("import optlib.pictures.style")[1]
