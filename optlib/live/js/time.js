/* Time: the scrubber, single steps, and playing, which takes about six seconds. */

/** Let time pass. Play is there also for those who asked for less motion: nothing starts by itself. */
function bindTime(live) {
  const { steps } = live.spec;
  const scrubber = live.find("[data-step]"), play = live.find('[data-do="play"]');
  let playing = null;

  function stop() {
    cancelAnimationFrame(playing);
    playing = null;
    play.textContent = "Play";
  }

  function start() {
    const begin = live.values.step >= steps ? 0 : live.values.step;
    const speed = Math.max(steps / 6000, 0.008);
    let since = null;
    play.textContent = "Pause";
    const tick = (now) => {
      since = since ?? now;
      const step = Math.min(begin + Math.floor((now - since) * speed), steps);
      if (step !== live.values.step) live.set({ step });
      if (step >= steps) { stop(); live.tell(); } else playing = requestAnimationFrame(tick);
    };
    playing = requestAnimationFrame(tick);
  }

  const toggle = () => (playing === null ? start() : (stop(), live.tell()));
  const by = (change) => {
    stop();
    live.change({ step: clamp(live.values.step + change, 0, steps) });
  };

  live.atEnd(stop);
  live.listen(scrubber, "input", () => {
    stop();
    live.change({ step: Number(scrubber.value) });
  });
  live.drawers.push(({ step }) => {
    scrubber.value = step;
    scrubber.nextElementSibling.textContent = String(step);
  });
  return { stop, toggle, by };
}
