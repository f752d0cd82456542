/* Join, purge and minify what pages load. `delivery.py` writes the task to stdin as JSON, and reads
 * the result from stdout:
 *
 *   { modules, folder, lean, styles: [file …], words: [word …], variables: [name …],
 *     browsers: {chrome: [105, 0] …}, scripts: {name: [source or {entry: file} …]} }
 *   → { style, scripts: {name: source} }
 *
 * `styles` are files below `folder`, in the order in which a page loads them; addresses in the joined
 * style are relative to the folder `lean`. An `entry` is a file with imports from `modules`. A selector
 * stays if all its names are among `words`, or stand in a script; a variable of CSS, if a kept rule,
 * a script or one of `variables` names it. */
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

/** The names that scripts hold. They make some from parts, as in "bs-tooltip-" + side: `prefixes`;
 * and they set `attributes`, which may then have any value. */
function named(code) {
  const all = (pattern, group = 0) => [...code.matchAll(pattern)].map((found) => found[group]);
  const starts = all(/["'`\s.]([a-z][\w-]*-)(?:["'`]|\$\{)/g, 1);
  return {
    words: all(/[A-Za-z_-][\w-]*/g),
    prefixes: [...new Set(starts)].filter((start) => !["data-", "aria-"].includes(start)),
    variables: all(/--[a-zA-Z][\w-]*/g),
    attributes: [
      ...all(/\bdataset\.([a-zA-Z]+)/g, 1).map(
        (key) => "data-" + key.replace(/[A-Z]/g, (letter) => "-" + letter.toLowerCase()),
      ),
      ...all(/(?:set|toggle)Attribute\(["'`]([\w-]+)/g, 1),
    ],
  };
}

/** A style without the rules whose names no page and no script holds. */
async function purged(css, { words, variables }, code) {
  const scripts = named(code);
  const [{ css: kept }] = await new PurgeCSS().purge({
    content: [{ raw: [...words, ...scripts.words].join(" "), extension: "txt" }],
    css: [{ raw: css }],
    defaultExtractor: (text) => text.split(" "),
    safelist: {
      standard: scripts.prefixes.map((start) => new RegExp("^" + start)),
      variables: [...variables, ...scripts.variables],
    },
    dynamicAttributes: scripts.attributes,
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

/** One script from a file and what it imports. */
async function imported(entry) {
  const options = { entryPoints: [entry], nodePaths: [task.modules], bundle: true, write: false };
  const built = await esbuild.build({ ...options, minify: true, logLevel: "error" });
  return { code: built.outputFiles[0].text };
}

/** One classic script from many: each is minified alone, so that an error names it. */
async function script(sources) {
  const small = await Promise.all(
    sources.map((one) => one.entry ? imported(one.entry) : esbuild.transform(one, { minify: true })),
  );
  return small.map(({ code }) => code.trimEnd()).join("\n");
}

const names = Object.keys(task.scripts);
const codes = await Promise.all(names.map((name) => script(task.scripts[name])));
const css = await purged(await joined(task), task, codes.join("\n"));
const scripts = Object.fromEntries(names.map((name, k) => [name, codes[k]]));
process.stdout.write(JSON.stringify({ style: minified(css, task), scripts }));
