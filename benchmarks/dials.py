"""The slowest dial of every live figure: one update, at full speed and slowed six times.

    python -m benchmarks.dials FOLDER     # of built pages; without one, of optlib.figures

An update is what one move of a dial costs in the page's own thread: runs computed, lines drawn.
"""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from benchmarks.environments import say
from benchmarks.table import Row, markdown
from tools.browser import FLAGS, ensure_chromium

UPDATES, SLOWER = 25, 6
AT_MOST = {1: 4.0, SLOWER: 20.0}  # ms
ALIVE = "[...document.querySelectorAll('[data-live]')].every((e) => 'liveReady' in e.dataset)"

# Every dial of every figure goes through its whole range, one update a frame; the median in ms.
DIALS = """async (count) => {
    const scales = { linear: [(v) => v, (u) => u], log: [Math.log10, (u) => 10 ** u],
        decay: [(v) => -Math.log10(1 - v), (u) => 1 - 10 ** -u] };
    const along = ({ low, high, scale }, share) => {
        const [to, from] = scales[scale];
        return Math.min(Math.max(from(to(low) + share * (to(high) - to(low))), low), high);
    };
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    const median = (list) => list.sort((a, b) => a - b)[list.length >> 1];
    const found = [];
    for (const root of document.querySelectorAll('[data-live]')) {
        const { live } = root;
        if (!live) continue;
        const spec = JSON.parse(root.querySelector('.live-data').textContent);
        const dials = Object.fromEntries(spec.controls.map((control) =>
            [control.name, (share) => along(control, share)]));
        const domain = spec.surfaces[0].domain;
        dials.start = (share) => domain.map(([low, high], i) =>
            low + (high - low) * (i ? 1 - share : share));
        dials.step = (share) => Math.round(share * spec.steps);
        if (spec.gradients) dials.gradients = (share) => spec.first.gradients.map((g) => g + share);
        const surfaces = spec.surfaces.length > 1
            ? spec.surfaces.map(({ name }) => ({ surface: name })) : [{}];
        for (const surface of surfaces) {
            for (const [name, at] of Object.entries(dials)) {
                const taken = [];
                live.set({ ...spec.first, ...surface });
                for (let i = 0; i < count; i++) {
                    const values = { [name]: at(((i * 7) % count) / (count - 1)) };
                    await frame();
                    const begun = performance.now();
                    live.set(values);
                    taken.push(performance.now() - begun);
                }
                found.push([root.id, name, median(taken)]);
            }
        }
        live.set(spec.first);
    }
    return found;
}"""


def pages_of_figures(folder):
    """Write a page for every live figure of the course into ``folder`` and return their paths."""
    from optlib import figures
    from optlib.live import Descent

    made = {name: build() for name, build in figures.FIGURES.items()}
    paths = []
    for name, figure in made.items():
        if isinstance(figure, Descent):
            paths.append(folder / f"{name}.html")
            paths[-1].write_text(figure.to_html(), encoding="utf8")
    return paths


def slowest(pages, slower):
    """The slowest dial of every figure of these pages: {figure: (dial, milliseconds)}."""
    worst = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=ensure_chromium(), args=list(FLAGS))
        for path in pages:
            page = browser.new_page()
            page.goto(path.as_uri())
            if page.locator("[data-live]").count():
                page.wait_for_function(ALIVE)
                page.wait_for_timeout(300)
                throttle = page.context.new_cdp_session(page)
                throttle.send("Emulation.setCPUThrottlingRate", {"rate": slower})
                for figure, dial, taken in page.evaluate(DIALS, UPDATES):
                    if taken > worst.get(figure, ("", -1))[1]:
                        worst[figure] = (dial, taken)
            page.close()
        browser.close()
    return worst


def rows(pages):
    """A row for the worst figure at each speed, and one for every figure."""
    found = {slower: slowest(pages, slower) for slower in AT_MOST}
    result = []
    for slower, limit in AT_MOST.items():
        figure, (dial, taken) = max(found[slower].items(), key=lambda item: item[1][1])
        speed = "at full speed" if slower == 1 else f"slowed {slower} times"
        result.append(
            Row(
                f"slowest dial of all {len(found[slower])} live figures, {speed}",
                f"{taken:.1f} ms ({figure}: {dial})",
                asked=(f"at most {limit:g} ms", taken <= limit),
            )
        )
    for figure, (dial, taken) in sorted(found[1].items(), key=lambda item: -item[1][1]):
        slow = found[SLOWER][figure]
        result.append(
            Row(
                f"slowest dial of {figure}",
                f"{taken:.1f} ms ({dial}); slowed {SLOWER} times {slow[1]:.1f} ms ({slow[0]})",
            )
        )
    return result


def measure():
    """Rows for `make bench`: every live figure of the course."""
    say("dials: every live figure")
    with tempfile.TemporaryDirectory() as folder:
        return rows(pages_of_figures(Path(folder)))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        pages = sorted(Path(sys.argv[1]).resolve().glob("*.html"))
        print(markdown(rows(pages)))
    else:
        print(markdown(measure()))
