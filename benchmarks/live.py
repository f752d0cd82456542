"""A live figure, 4 runs × 500 steps: one update, an input event to its frame, beside a kernel."""

import tempfile
import time
from pathlib import Path

import numpy as np
from jupyter_client.manager import start_new_kernel
from playwright.sync_api import sync_playwright

from benchmarks.environments import HERE, say
from benchmarks.table import Row, duration, times
from optlib import Adam, GradientDescent, Momentum, RMSProp
from optlib.live import Descent, Slider
from optlib.surfaces import Himmelblau
from tools.browser import FLAGS, ensure_chromium

UPDATES, EVENTS, MOVES = 300, 150, 40  # how many of each are measured
ROOT = "document.querySelector('[data-live]')"
READY = f"{ROOT} && 'liveReady' in {ROOT}.dataset"

# One update a frame, as when a reader drags, so that each meets the layout that the last one left.
UPDATE = """count => new Promise(done => {
    const { live } = document.querySelector('[data-live]'), taken = [];
    const tick = () => {
        const h = 10 ** (-1 + 1.6 * ((taken.length * 37) % count) / count);
        const begun = performance.now();
        live.set({ h });
        taken.push(performance.now() - begun);
        taken.length < count ? requestAnimationFrame(tick) : done(taken);
    };
    requestAnimationFrame(tick);
})"""

# From the event's own time stamp to the first task after the frame in which it was drawn. `device`
# begins at the key or pointer event that moved the slider, so it has the wait for the frame in it.
WATCH = """() => {
    window.inputs = [];
    let device = 0, waiting = false;
    for (const type of ['keydown', 'pointermove', 'pointerdown']) {
        addEventListener(type, (event) => { if (!waiting) device = event.timeStamp; }, true);
    }
    const channel = new MessageChannel();
    let begun = null;
    channel.port1.onmessage = () => {
        const now = performance.now();
        waiting = false;
        window.inputs.push([now - begun.input, now - begun.device]);
    };
    addEventListener('input', (event) => {
        if (waiting) return;
        waiting = true;
        begun = { input: event.timeStamp, device };
        requestAnimationFrame(() => channel.port2.postMessage(0));
    }, true);
}"""


def figure():
    """Return the welcome page's figure: four rules, a map and a loss curve, one dial for all."""
    rates = {"GD": 0.01, "Momentum": 0.002, "RMSProp": 0.05, "Adam": 0.2}
    makers = (GradientDescent, Momentum, RMSProp, Adam)
    return Descent(
        Himmelblau(),
        {label: make(lr=lr) for make, (label, lr) in zip(makers, rates.items(), strict=True)},
        start=(0.5, -0.9),
        steps=500,
        sliders={"h": Slider(0.1, 5, "log", label="rate, × its own", value=1.0)},
        derived={
            "GD.lr": lambda h: 0.01 * h,
            "Momentum.lr": lambda h: 0.002 * h,
            "RMSProp.lr": lambda h: 0.05 * h,
            "Adam.lr": lambda h: 0.2 * h,
        },
        panels=("map", "loss"),
        title="Four rules, five hundred steps",
        alt="A map with four valleys and the paths of four rules; beside it the loss of each.",
    )


def press_keys(page):
    """Move the slider by the keyboard, one press at a time, out of step with the frames."""
    page.locator("[data-control]").focus()
    for k in range(EVENTS):
        page.keyboard.press("ArrowRight" if k // 60 % 2 == 0 else "ArrowLeft")
        page.wait_for_timeout(25 + k % 17)


def drag(page):
    """Drag the slider with the mouse, there and back."""
    box = page.locator("[data-control]").bounding_box()
    y, middle, reach = box["y"] + box["height"] / 2, box["x"] + box["width"] / 2, box["width"] * 0.4
    page.mouse.move(middle, y)
    page.mouse.down()
    for k in range(EVENTS):
        page.mouse.move(middle + reach * np.sin(k / 12), y)
        page.wait_for_timeout(25 + k % 17)
    page.mouse.up()


def in_browser():
    """Return the seconds of updates, and of input events by keyboard and by mouse, as arrays."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        path = Path(folder) / "figure.html"
        path.write_text(figure().to_html(), encoding="utf8")
        chromium = playwright.chromium.launch(executable_path=ensure_chromium(), args=list(FLAGS))
        page = chromium.new_page(viewport={"width": 1280, "height": 900})
        page.goto(path.as_uri())
        page.wait_for_function(READY)
        page.evaluate(UPDATE, 50)  # to warm up: the script is compiled by now
        updates = page.evaluate(UPDATE, UPDATES)
        page.evaluate(WATCH)
        inputs = []
        for move in (press_keys, drag):
            page.evaluate("() => { window.inputs = []; }")
            move(page)
            inputs.append(np.array(page.evaluate("window.inputs")) / 1000)
        version = chromium.version
        chromium.close()
    return np.array(updates) / 1000, *inputs, version


def next_message(client, wanted, seconds=60):
    """Return the next message from the kernel that ``wanted`` accepts."""
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        message = client.get_iopub_msg(timeout=left)
        if message["msg_type"] == "error":
            raise RuntimeError("\n".join(message["content"]["traceback"]))
        if wanted(message):
            return message
    raise TimeoutError(f"the kernel sent nothing of the kind within {seconds} s")


def is_slider(message):
    """Whether a message opens the widget of the slider."""
    state = message["content"].get("data", {}).get("state", {})
    return message["msg_type"] == "comm_open" and state.get("_model_name") == "FloatLogSliderModel"


def is_picture(message):
    """Whether a message holds a drawn figure."""
    return message["msg_type"] == "display_data" and "image/png" in message["content"]["data"]


def in_kernel():
    """Return the seconds from a slider's change message to the picture it causes, as an array."""
    manager, client = start_new_kernel(
        kernel_name="python3", extra_arguments=["--IPKernelApp.log_level=40"]
    )
    try:
        client.execute((HERE / "interact_cell.py").read_text(encoding="utf8"))
        slider = next_message(client, is_slider)["content"]["comm_id"]
        next_message(client, is_picture)
        seconds = []
        for k in range(MOVES + 3):
            value = float(10 ** (-1 + 1.6 * (k * 7 % MOVES) / MOVES))
            state = {"method": "update", "state": {"value": value}, "buffer_paths": []}
            content = {"comm_id": slider, "data": state}
            started = time.perf_counter()
            client.shell_channel.send(client.session.msg("comm_msg", content))
            next_message(client, is_picture)
            seconds.append(time.perf_counter() - started)
        return np.array(seconds[3:])
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def spread(seconds):
    """Return median and 95th percentile in words."""
    middle, high = np.percentile(seconds, [50, 95])
    return f"median {duration(middle)}, p95 {duration(high)}"


def measure():
    """Return the rows of this section."""
    say("live: Chromium")
    updates, keys, mouse, version = in_browser()
    say("live: interact in a kernel")
    kernel = in_kernel()
    inputs = np.concatenate([keys, mouse])
    seen, device = inputs.T
    high = np.percentile(seen, 95)
    return [
        Row(
            f"live figure, 4 runs × 500 steps: one update, computed and drawn ({UPDATES} of them, "
            f"Chromium {version.split('.')[0]})",
            spread(updates),
            asked=("median at most 2 ms", np.median(updates) <= 0.002),
        ),
        Row(
            f"the same: input event to the end of its frame ({len(inputs)} events of a real "
            "slider, keyboard and mouse), beside the same figure as an `interact`: slider's "
            "message to the picture at the client",
            spread(seen),
            spread(kernel),
            times(np.median(kernel) / np.median(seen)),
            ("p95 at most 20 ms", high <= 0.020),
        ),
        Row(
            "the same by keyboard alone, where an event waits for the next frame; by mouse alone",
            f"keyboard {spread(keys[:, 0])}; mouse {spread(mouse[:, 0])}",
        ),
        Row(
            "the same from the key or pointer event itself, the wait for its frame included",
            spread(device),
        ),
    ]
