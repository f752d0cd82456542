/* The buttons under a figure. */

function bindButtons(live, time) {
  const actions = {
    play: time.toggle,
    back: () => time.by(-1),
    forward: () => time.by(1),
    reset: () => {
      time.stop();
      live.change({ ...live.spec.first });
    },
    link: (button) => copyLink(live, button),
  };
  for (const button of live.all("[data-do]")) {
    live.listen(button, "click", () => actions[button.dataset.do](button));
  }
}

async function copyLink(live, button) {
  const link = location.href.split("#")[0] + writeLink(live.spec, live.values);
  try {
    await navigator.clipboard.writeText(link);
    button.textContent = "Copied";
  } catch {
    history.replaceState(null, "", link); // no clipboard from a file: the address bar has it
    button.textContent = "In the address bar";
  }
  setTimeout(() => { button.textContent = "Copy link"; }, 2000);
}
