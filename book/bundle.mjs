/* Join, purge and minify what pages load. `delivery.py` writes the task to stdin as JSON, and reads
 * the result from stdout:
 *
 *   { modules, folder, lean, styles: [file …], words: [word …], prefixes: [start …],
 *     variables: [name …], browsers: {chrome: [105, 0] …}, scripts: {name: [source …]} }
 *   → { style, scripts: {name: source} }
 *
 * `styles` are files below `folder`, in the order in which a page loads them; addresses in the joined
 * style are relative to the folder `lean`. A selector stays if all its names are among `words`, or
 * begin with one of `prefixes`; a variable of CSS, if a kept rule or one of `variables` names it. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, relative } from "node:path";

const task = JSON.parse(readFileSync(0, "utf8"));
const load = createRequire(join(task.modules, "package.json"));
const esbuild = load("esbuild");
const { transform } = load("lightningcss");
const { PurgeCSS } = load("purgecss");

/** One style from many, with their imports in it. */
async function joined({ folder, lean, styles }) {
  /* What a style paints with stays where it is; its address changes with the style's own place. */
  const address = ({ path, kind, resolveDir }) =>
    kind !== "url-token" || /^(data:|#)/.test(path)
      ? undefined
      : { path: relative(lean, join(resolveDir, path)).replaceAll("\\", "/"), external: true };
  const built = await esbuild.build({
    stdin: {
      contents: styles.map((file) => `@import ${JSON.stringify("./" + file)};`).join("\n"),
      loader: "css",
      resolveDir: folder,
    },
    bundle: true,
    write: false,
    outfile: join(lean, "book.css"),
    plugins: [{ name: "addresses", setup: (build) => build.onResolve({ filter: /./ }, address) }],
    logLevel: "error",
  });
  return built.outputFiles[0].text;
}

/** A style without the rules whose names no page and no script holds. */
async function purged(css, { words, prefixes, variables }) {
  const [{ css: kept }] = await new PurgeCSS().purge({
    content: [{ raw: words.join(" "), extension: "txt" }],
    css: [{ raw: css }],
    defaultExtractor: (text) => text.split(" "),
    safelist: { standard: prefixes.map((start) => new RegExp("^" + start)), variables },
    variables: true,
    keyframes: true,
  });
  return kept;
}

/** A style in as few letters as the oldest `browsers` allow. */
function minified(css, { browsers }) {
  const targets = Object.fromEntries(
    Object.entries(browsers).map(([name, [major, minor]]) => [name, (major << 16) | (minor << 8)]),
  );
  const code = Buffer.from(css);
  return transform({ filename: "book.css", code, minify: true, targets }).code.toString();
}

/** One classic script from many: each is minified alone, so that an error names it. */
async function script(sources) {
  const small = await Promise.all(
    sources.map((source) => esbuild.transform(source, { minify: true })),
  );
  return small.map(({ code }) => code.trimEnd()).join("\n");
}

const style = minified(await purged(await joined(task), task), task);
const names = Object.keys(task.scripts);
const scripts = await Promise.all(names.map((name) => script(task.scripts[name])));
process.stdout.write(
  JSON.stringify({ style, scripts: Object.fromEntries(names.map((name, k) => [name, scripts[k]])) }),
);
