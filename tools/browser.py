"""Find the browser that the tests drive, or bring one.

Run as a script (`make test` does) it prints the path of a usable Chromium, and installs one when
there is none: Debian's package where that is allowed, else Playwright's own download.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "google-chrome", "google-chrome-stable", "chromium-browser", "chrome")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)

# No request may leave the machine: every host but localhost fails to resolve, and the browser's own
# background traffic is off. The sandbox does not start in containers; the pages are our own.
FLAGS = (
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost",
)

ADVICE = (
    "No Chromium or Chrome was found and none could be installed. Install one (Debian: apt-get "
    "install chromium; macOS or Windows: Google Chrome) or set CHROMIUM to the path of its program."
)


def find_chromium() -> str | None:
    """Return the path of an installed Chromium or Chrome, or None.

    Order: the environment variable CHROMIUM, the search path, macOS applications, Playwright's own.
    Raises FileNotFoundError when CHROMIUM names a file that does not exist.
    """
    if chosen := os.environ.get("CHROMIUM"):
        if not Path(chosen).exists():
            raise FileNotFoundError(f"CHROMIUM={chosen}: expected the path of a browser")
        return chosen
    for name in NAMES:
        if found := shutil.which(name):
            return found
    for place in PLACES:
        if Path(place).exists():
            return place
    return _playwrights_own()


def _playwrights_own() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if path and Path(path).exists() else None


def install_chromium() -> None:
    """Install a Chromium: Debian's package when root on Debian, else Playwright's download."""
    if _is_debian() and os.geteuid() == 0:
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        packages = ["chromium", "fonts-dejavu-core"]
        updated = subprocess.run(["apt-get", "update", "-qq"], env=quiet).returncode == 0
        install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
        if updated and subprocess.run(install, env=quiet).returncode == 0:
            return
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"])


def _is_debian() -> bool:
    release = Path("/etc/os-release")
    return release.exists() and "\nID=debian" in "\n" + release.read_text()


def ensure_chromium() -> str:
    """Return the path of a Chromium, installing one first if there is none.

    Raises SystemExit, with a sentence saying what to install, when none can be had.
    """
    found = find_chromium()
    if found is None:
        install_chromium()
        found = find_chromium()
    if found is None:
        raise SystemExit(ADVICE)
    return found


if __name__ == "__main__":
    print(f"browser: {ensure_chromium()}")
