"""Build the book to _build/html. `make book` runs this.

Warnings are errors, and a build that fails leaves nothing behind that would let the next one
succeed without looking.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TIMEOUT = 1800  # seconds; a build takes a minute or two, a hung kernel would take for ever
# `jupyter-book build`, less one optional import of jsonschema's: a checker of web addresses that
# nothing here uses and that compiles its grammar for seconds, more than all else in a rebuild.
JUPYTER_BOOK = (
    "import sys; sys.modules['rfc3987_syntax'] = None; "
    "from jupyter_book.cli.main import main; main()"
)
COMMAND = (
    sys.executable,
    "-c",
    JUPYTER_BOOK,
    "build",
    ".",
    "--quiet",
    "-n",
    "-W",
    "--keep-going",
)


def environment() -> dict[str, str]:
    """Return the environment for notebooks: one's own IPython profile must not change the book.

    The profile that stands in for it keeps kernels from warning about sockets on this machine.
    """
    profile = ROOT / "_build" / "ipython" / "profile_default"
    profile.mkdir(parents=True, exist_ok=True)
    (profile / "ipython_kernel_config.py").write_text("get_config().IPKernelApp.log_level = 40\n")
    return {**os.environ, "IPYTHONDIR": str(profile.parent)}


def run(command, cwd: Path, timeout: float) -> int:
    """Run `command` in a process group of its own; return its status, 124 after `timeout` seconds.

    Whatever the command leaves running, such as the node that renders formulas, ends with it.
    """
    process = subprocess.Popen(command, cwd=cwd, env=environment(), start_new_session=True)
    try:
        return process.wait(timeout)
    except subprocess.TimeoutExpired:
        print(f"the build did not end within {timeout:.0f} s", file=sys.stderr)
        return 124
    finally:
        end(process)


def end(process: subprocess.Popen) -> None:
    """End a process and, except on Windows, which has no such groups, all that it started."""
    if os.name == "nt":
        process.kill()
    else:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass  # the usual case: nothing was left
    process.wait()


def write_first_page(page: Path) -> None:
    """Write a page that leads to the book's first: Jupyter Book's own has no title or language."""
    target = re.search(r'url=([^"]+)"', page.read_text(encoding="utf8"))[1]
    page.write_text(
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>From Momentum to Adam'
        '</title><meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="description" content="Momentum, RMSProp, bias correction and Adam: derived, '
        'coded, measured, and alive on the page."><link rel="icon" href="_static/favicon.svg">'
        f'<meta http-equiv="refresh" content="0; url={target}"></head>'
        f'<body><main><h1>From Momentum to Adam</h1><a href="{target}">Open the book</a></main>'
        "</body></html>\n",
        encoding="utf8",
    )


def main() -> int:
    """Build; say where the book is; return the exit status."""
    started = time.monotonic()
    status = run(COMMAND, ROOT, TIMEOUT)
    if status:
        shutil.rmtree(ROOT / "_build" / ".doctrees", ignore_errors=True)
        print("the book was not built: see above", file=sys.stderr)
        return status
    page = ROOT / "_build" / "html" / "index.html"
    write_first_page(page)
    (page.parent / ".nojekyll").touch()  # some hosts would hide folders that begin with _
    print(f"built in {time.monotonic() - started:.0f} s: {page.as_uri()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
