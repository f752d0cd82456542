/* Dials: sliders, the switches of rules, the choice of a landscape. */

/** Let the dials change the values; the function returned shows the values on the dials. */
function bindDials(live) {
  const { spec, model } = live;
  const labels = model.rules.map(({ label }) => label);
  const inputs = live.all("[data-control]").map((input) => ({
    input, output: input.nextElementSibling,
    control: spec.controls.find(({ name }) => name === input.dataset.control),
  }));
  const boxes = live.all("[data-run]"), choice = live.find("[data-surface]");

  for (const { input, control } of inputs) {
    live.listen(input, "input", () => live.change({ [control.name]: valueOf(control, Number(input.value)) }));
  }
  for (const box of boxes) {
    live.listen(box, "change", () => live.change({
      shown: labels.filter((label) =>
        label === box.dataset.run ? box.checked : live.values.shown.includes(label)),
    }));
  }
  if (choice) live.listen(choice, "change", () => live.change({ surface: choice.value }));

  return ({ values }) => {
    for (const { input, output, control } of inputs) {
      const value = values[control.name];
      input.value = tickOf(control, value);
      output.textContent = format(value);
      input.setAttribute("aria-valuetext", format(value));
    }
    for (const box of boxes) box.checked = values.shown.includes(box.dataset.run);
    if (choice) choice.value = values.surface;
  };
}
