/* The functions traced from Python: their text becomes a function. */

const compile = (source) => new Function(`"use strict"; return ${source};`)();
