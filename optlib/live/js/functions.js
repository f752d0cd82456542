/* The functions traced from Python, by key. */

/** A function from its text. */
const compile = (text) => new Function(`"use strict"; return ${text};`)();

/** Functions by key: those that came with the page as a script, else compiled from their texts. */
function compiler(texts) {
  return (key) => {
    const given = globalThis.LiveFunctions?.[key];
    if (given) return given;
    if (!texts?.[key]) throw new Error(`the function ${key} is not on this page`);
    return compile(texts[key]);
  };
}
