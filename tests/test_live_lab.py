"""Live figures in a real JupyterLab: what the hand moves Python sees, and what Python sets moves.

One server, one notebook, one kernel: everything is in one test, because starting them is most of
the time that it takes. The kernel is asked through a second client, as a cell would ask it.
"""

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager

import nbformat
import numpy as np
import pytest
from jupyter_client import BlockingKernelClient

from optlib.descent import minimize
from optlib.optimizers import Adam, Momentum
from optlib.surfaces import Quadratic
from tools.server import watch

CELLS = [
    """
from dataclasses import dataclass
import numpy as np
from optlib.live import Descent
from optlib.optimizers import Adam, Momentum, MomentumState
from optlib.surfaces import Quadratic

heard = []
fig = Descent(
    Quadratic(kappa=5.0), {"Momentum": Momentum(lr=0.05), "Adam": Adam(lr=0.05)},
    start=(-1.5, 1.2), steps=40, sliders={"lr": (1e-3, 1, "log")},
    title="In a notebook", alt="Two paths on a map and the loss of both.",
)
fig.observe(lambda change: heard.append(change["new"]["lr"]), "values")
fig
""",
    """
@dataclass(frozen=True)
class Signs:
    "Written by the reader a minute ago: optlib does not know it."
    lr: float = 0.05
    memory: float = 0.5

    def init(self, x):
        return MomentumState(np.zeros_like(x))

    def update(self, g, state, t, x):
        m = self.memory * state.m + np.sign(g) / np.sqrt(t)
        return -self.lr * m, MomentumState(m)

mine = Descent(
    Quadratic(kappa=5.0), {"Signs": Signs()}, start=(-1.5, 1.2), steps=40,
    sliders={"lr": (1e-3, 1, "log"), "memory": (0, 0.9)},
    title="My own rule", alt="The path of a rule of the reader's own.",
)
mine
""",
    """
class Whole(Momentum):
    "Looks at all coordinates at once, so it cannot be traced."

    def update(self, g, state, t, x):
        return -self.lr * g / np.linalg.norm(g), state

import warnings
with warnings.catch_warnings(record=True) as said:
    warnings.simplefilter("always")
    whole = Descent(
        Quadratic(kappa=5.0), {"Whole": Whole(lr=0.05)}, start=(-1.5, 1.2), steps=40,
        sliders={"lr": (1e-3, 1, "log")},
        title="Through the kernel", alt="The path of a rule that only Python can compute.",
    )
whole
""",
]


@contextmanager
def jupyterlab(folder):
    """Start a JupyterLab that keeps everything in ``folder``; yield address, token and runtime."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token = secrets.token_hex(16)
    places = {
        name: str(folder / name.lower())
        for name in (
            "JUPYTER_CONFIG_DIR",
            "JUPYTER_DATA_DIR",
            "JUPYTER_RUNTIME_DIR",
            "IPYTHONDIR",
            "JUPYTERLAB_SETTINGS_DIR",
            "JUPYTERLAB_WORKSPACES_DIR",
        )
    }
    settings = folder / "jupyterlab_settings_dir" / "@jupyterlab"
    for plugin, values in {
        "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
        "notebook-extension/tracker": {"windowingMode": "none"},  # every output is in the page
    }.items():
        path = settings / f"{plugin}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values))
    log = (folder / "server.log").open("w+")
    server = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "jupyterlab",
            "--no-browser",
            "--allow-root",
            "--ip=127.0.0.1",
            f"--port={port}",
            "--ServerApp.port_retries=0",
            f"--IdentityProvider.token={token}",
            f"--ServerApp.root_dir={folder / 'work'}",
            "--expose-app-in-browser",
            "--LabApp.extension_manager=readonly",
            "--ServerApp.terminals_enabled=False",
        ],
        env={**os.environ, **places},
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        address = f"http://localhost:{port}"
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{address}/api", timeout=2).read()
                break
            except OSError:
                assert server.poll() is None, (log.seek(0), log.read()[-2000:])[1]
                time.sleep(0.2)
        yield address, token, folder / "jupyter_runtime_dir"
    finally:
        os.killpg(server.pid, signal.SIGTERM)  # a session of its own: the server and its kernels
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()
        log.close()


@contextmanager
def kernel_of(runtime):
    """A second client of the one kernel that runs: call it with an expression, get its value."""
    (connection,) = runtime.glob("kernel-*.json")
    client = BlockingKernelClient(connection_file=str(connection))
    client.load_connection_file()
    client.start_channels()
    client.wait_for_ready(timeout=30)

    def ask(expression):
        text = []
        reply = client.execute_interactive(
            f"import json; print(json.dumps({expression}))",
            store_history=False,
            timeout=30,
            output_hook=lambda m: text.append(m["content"].get("text", "")),
        )
        assert reply["content"]["status"] == "ok", reply["content"]
        return json.loads("".join(text))

    def do(code):
        reply = client.execute_interactive(
            code, store_history=False, timeout=30, output_hook=lambda m: None
        )
        assert reply["content"]["status"] == "ok", reply["content"]

    try:
        yield ask, do
    finally:
        client.stop_channels()


def until(ask, expression):
    """Ask until the kernel says yes; False after ten seconds."""
    for _ in range(100):
        if ask(expression):
            return True
        time.sleep(0.1)
    return False


class Figure:
    """A figure in the notebook, found by its title."""

    def __init__(self, page, title):
        self.page, self.root = page, page.locator(f'[data-live-ready][aria-label="{title}"]')
        self.root.wait_for(timeout=40_000)
        self.root.scroll_into_view_if_needed()

    def get(self):
        return self.root.evaluate("root => root.live.get()")

    def path(self):
        return self.root.evaluate(
            "root => root.querySelector('[id$=\"-run-0\"] path').getAttribute('d')"
        )

    def press(self, control, key, times=1):
        slider = self.root.locator(f'input[data-control="{control}"]')
        slider.focus()
        for _ in range(times):
            slider.press(key)

    def wait(self, condition):
        """Wait until ``condition``, JavaScript of ``live``, is true."""
        handle = self.root.element_handle()
        self.page.wait_for_function(
            f"root => (({condition}))(root.live)", arg=handle, timeout=10_000
        )


def hand_moves_python(page, ask):
    fig = Figure(page, "In a notebook")
    before = fig.path()
    fig.press("lr", "ArrowRight", 20)
    moved = fig.get()["values"]["lr"]
    assert moved > 0.05
    assert until(ask, f"abs(fig.values['lr'] - {moved!r}) < 1e-12")
    assert ask("heard[-1]") == pytest.approx(moved), "observers hear it"
    assert fig.path() != before
    shown = fig.get()["runs"]["Adam"]["x"]
    assert np.allclose(shown, ask("fig.runs['Adam'].x.tolist()"), rtol=1e-9, atol=1e-12)

    handle = fig.root.locator(".live-handle").first
    box = handle.locator(".live-ring").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 40, y + 20, steps=4)
    page.mouse.up()
    fig.wait("live => live.values.start[0] > -1.4")
    start = fig.get()["values"]["start"]
    assert until(ask, f"bool(np.allclose(fig.values['start'], {start!r}))")


def python_moves_page(page, ask, do):
    fig = Figure(page, "In a notebook")
    before = fig.path()
    do("fig.values = {'lr': 0.2, 'start': [1.0, -1.0]}")
    fig.wait("live => live.values.lr === 0.2")
    assert fig.path() != before
    assert fig.root.locator('input[data-control="lr"] + output').text_content() == "0.2"
    for label, rule in {"Momentum": Momentum(lr=0.2), "Adam": Adam(lr=0.2)}.items():
        expected = minimize(Quadratic(kappa=5.0), rule, (1.0, -1.0), 40)
        found = fig.get()["runs"][label]
        assert np.allclose(found["x"], expected.x, rtol=1e-9, atol=1e-12)
        assert np.allclose(ask(f"fig.runs[{label!r}].x.tolist()"), expected.x)


def a_rule_from_a_cell_is_live(page, ask):
    fig = Figure(page, "My own rule")
    assert "Math.sign" in fig.root.locator(".live-data").text_content(), "computed by the page"
    fig.press("memory", "ArrowLeft", 10)
    found = fig.get()
    assert found["values"]["memory"] < 0.5
    assert until(ask, f"mine.values['memory'] == {found['values']['memory']!r}")
    assert np.allclose(found["runs"]["Signs"]["x"], ask("mine.runs['Signs'].x.tolist()"))


def an_untraceable_rule_moves_through_the_kernel(page, ask):
    assert "cannot trace np.norm" in ask("str(said[0].message)")
    fig = Figure(page, "Through the kernel")
    before = fig.path()
    assert before.count("L") == 40, "drawn from what Python computed"
    fig.press("lr", "ArrowRight", 25)
    moved = fig.get()["values"]["lr"]
    assert until(ask, f"whole.values['lr'] == {moved!r}")
    expected = ask("whole.runs['Whole'].x.tolist()")
    fig.wait(f"live => Math.abs(live.get().runs.Whole.x[40][0] - {expected[40][0]!r}) < 1e-12")
    assert fig.path() != before
    assert np.allclose(fig.get()["runs"]["Whole"]["x"], expected)


def test_figures_and_python_move_each_other_in_jupyterlab(browser, tmp_path):
    (tmp_path / "work").mkdir()
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(cell.strip()) for cell in CELLS],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
    )
    nbformat.write(notebook, tmp_path / "work" / "test.ipynb")
    with jupyterlab(tmp_path) as (address, token, runtime):
        context = browser.new_context(viewport={"width": 1280, "height": 1000})
        page = watch(context.new_page())
        page.goto(f"{address}/lab/tree/test.ipynb?token={token}")
        page.wait_for_function(
            "window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status"
            " === 'idle'",
            timeout=60_000,
        )
        page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")
        Figure(page, "Through the kernel")
        with kernel_of(runtime) as (ask, do):
            hand_moves_python(page, ask)
            python_moves_page(page, ask, do)
            a_rule_from_a_cell_is_live(page, ask)
            an_untraceable_rule_moves_through_the_kernel(page, ask)
        ids = page.evaluate("[...document.querySelectorAll('[data-live] [id]')].map(e => e.id)")
        assert len(ids) == len(set(ids))
        assert [p for p in page.problems if "page error" in p or "outside" in p] == []
        context.close()
