/* The functions traced from Python, by key. */

/**
 * A function from its text.
 * @param {string} text
 * @returns {Function}
 */
const compile = (text) => new Function(`"use strict"; return ${text};`)();

/**
 * Functions by key: those that came with the page as a script, else compiled from their texts.
 * @param {Record<string, string>} [texts]
 */
function compiler(texts) {
  return (/** @type {string} */ key) => {
    const given = globalThis.LiveFunctions?.[key];
    if (given) return given;
    if (!texts?.[key]) throw new Error(`the function ${key} is not on this page`);
    return compile(texts[key]);
  };
}
