/* What pages use of Bootstrap: menus that drop down, and tooltips. The theme brings all of it, which is
 * half as much again; this stands in its place, with what the theme's file does besides. */
import Dropdown from "bootstrap/js/src/dropdown.js";
import Tooltip from "bootstrap/js/src/tooltip.js";

window.bootstrap = { Dropdown, Tooltip };

const delay = { show: 500, hide: 100 };
for (const element of document.querySelectorAll('[data-bs-toggle="tooltip"]')) {
  new Tooltip(element, { delay });
}

/* "Back to top" shows while one scrolls up. */
const button = document.getElementById("pst-back-to-top");
const header = document.querySelector(".bd-header");
if (button && header) {
  const bottom = header.getBoundingClientRect().bottom;
  let last = window.scrollY;
  button.addEventListener("click", () => window.scrollTo(0, 0));
  window.addEventListener("scroll", () => {
    const up = last > window.scrollY && window.scrollY > bottom;
    button.style.display = up ? "block" : "none";
    last = window.scrollY;
  });
}
