/* Time: the scrubber, single steps, and playing, which takes about six seconds. */

/**
 * Let time pass. Play is there also for those who asked for less motion: nothing starts by itself.
 * @param {Live} live
 */
function bindTime(live) {
  const { steps } = live.spec;
  const scrubber = /** @type {HTMLInputElement} */ (live.find("[data-step]"));
  const play = live.find('[data-do="play"]');
  /** @type {number | null} */
  let playing = null;

  function stop() {
    if (playing !== null) cancelAnimationFrame(playing);
    playing = null;
    play.textContent = "Play";
  }

  function start() {
    const begin = live.values.step >= steps ? 0 : live.values.step;
    const speed = Math.max(steps / 6000, 0.008);
    /** @type {number | null} */
    let since = null;
    play.textContent = "Pause";
    const tick = (/** @type {number} */ now) => {
      since = since ?? now;
      const step = Math.min(begin + Math.floor((now - since) * speed), steps);
      if (step !== live.values.step) live.set({ step });
      if (step >= steps) { stop(); live.tell(); } else playing = requestAnimationFrame(tick);
    };
    playing = requestAnimationFrame(tick);
  }

  function toggle() {
    if (playing === null) { start(); return; }
    stop();
    live.tell();
  }

  const by = (/** @type {number} */ change) => {
    stop();
    live.change({ step: clamp(live.values.step + change, 0, steps) });
  };

  live.atEnd(stop);
  live.listen(scrubber, "input", () => {
    stop();
    live.change({ step: Number(scrubber.value) });
  });
  const draw = onChange((/** @type {number} */ step) => {
    scrubber.value = String(step);
    if (scrubber.nextElementSibling) scrubber.nextElementSibling.textContent = String(step);
  });
  live.drawers.push(({ step }) => draw([step], step));
  return { stop, toggle, by };
}
