/* Dials: sliders, boxes to tick, the switches of rules, the choice of a landscape. */

/**
 * Let the dials change the values; the function returned shows the values on the dials.
 * @param {Live} live
 * @returns {Drawer}
 */
function bindDials(live) {
  const { spec, model } = live;
  const labels = model.rules.map(({ label }) => label);
  const boxes = /** @type {HTMLInputElement[]} */ (live.all("[data-run]"));
  const choice = /** @type {HTMLSelectElement | null} */ (live.find("[data-surface]"));
  const dials = /** @type {HTMLInputElement[]} */ (live.all("[data-control]")).map((input) => {
    const control = spec.controls.find(({ name }) => name === input.dataset.control);
    if (!control) throw new Error(`no dial called ${input.dataset.control} in the figure's data`);
    live.listen(input, "input", () => live.change({
      [control.name]: control.switch ? Number(input.checked) : valueOf(control, Number(input.value)),
    }));
    return { control, draw: onChange((/** @type {number} */ value) => {
      if (control.switch) { input.checked = value === 1; return; }
      input.value = String(tickOf(control, value));
      if (input.nextElementSibling) input.nextElementSibling.textContent = format(value);
      input.setAttribute("aria-valuetext", format(value));
    }) };
  });
  for (const box of boxes) {
    live.listen(box, "change", () => live.change({
      shown: labels.filter((label) =>
        (label === box.dataset.run ? box.checked : live.values.shown.includes(label))),
    }));
  }
  if (choice) live.listen(choice, "change", () => live.change({ surface: choice.value }));

  return ({ values }) => {
    for (const { control, draw } of dials) draw([values[control.name]], values[control.name]);
    for (const box of boxes) box.checked = values.shown.includes(box.dataset.run ?? "");
    if (choice) choice.value = values.surface ?? "";
  };
}
