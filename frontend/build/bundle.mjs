// Makes frontend/dist from what wasm-bindgen wrote: wasm-opt, esbuild, hashed names, index.html, brotli.
// Usage: node frontend/build/bundle.mjs <dev|release> <folder of wasm-bindgen> <dist>
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";
import { build } from "esbuild";

const frontend = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const [mode, bound, dist] = process.argv.slice(2);
if (!["dev", "release"].includes(mode) || !bound || !dist) {
  console.error("usage: bundle.mjs <dev|release> <folder of wasm-bindgen> <dist>");
  process.exit(2);
}
const release = mode === "release";
const outputs = new Map(); // path below dist → bytes

// What rustc's wasm32 target may use and every browser of the last years runs.
const WASM_FEATURES = [
  "bulk-memory", "bulk-memory-opt", "call-indirect-overlong", "multivalue", "mutable-globals",
  "nontrapping-float-to-int", "reference-types", "sign-ext",
].map((name) => `--enable-${name}`);

function hashed(name, bytes) {
  const digest = createHash("sha256").update(bytes).digest("hex").slice(0, 12);
  const dot = name.lastIndexOf(".");
  return `assets/${name.slice(0, dot)}-${digest}${name.slice(dot)}`;
}

// The whole workspace, and without administration what the browser loads first.
const PARTS = release ? ["first", "whole"] : ["whole"];

/** The bytes of a part. */
function wasm(part) {
  const input = join(bound, part, "zhenxing_bg.wasm");
  if (!release) return readFileSync(input);
  const output = join(bound, part, "zhenxing_opt.wasm");
  const tool = join(frontend, "node_modules", "binaryen", "bin", "wasm-opt");
  execFileSync(process.execPath, [tool, "-Oz", ...WASM_FEATURES, input, "-o", output], { stdio: "inherit" });
  return readFileSync(output);
}

async function bundle(options) {
  const result = await build({
    bundle: true,
    write: false,
    minify: release,
    outdir: join(dist, "assets"),
    entryNames: "[name]-[hash]",
    chunkNames: "[name]-[hash]",
    assetNames: "[name]-[hash]",
    absWorkingDir: frontend,
    nodePaths: [join(frontend, "node_modules")],
    logLevel: "warning",
    metafile: true,
    ...options,
  });
  let entry;
  for (const file of result.outputFiles) {
    const name = relative(resolve(dist), file.path);
    outputs.set(name, Buffer.from(file.contents));
    const meta = result.metafile.outputs[relative(frontend, file.path)];
    // What is imported later is an entry point to esbuild as well.
    const own = meta?.entryPoint && resolve(frontend, meta.entryPoint) === resolve(options.entryPoints[0]);
    if (own) entry = name;
  }
  if (result.warnings.length > 0) throw new Error("esbuild warns, as it says above");
  if (!entry) throw new Error("esbuild named no entry");
  return entry;
}

// Pages of administration, tasks, ledgers, targets, statistics and where figures come from stand below these addresses (src/routes.rs); on any
// other the first part is enough.
const WHOLE = ["/admin", "/figures", "/ledgers", "/statistics", "/targets", "/tasks"];

/** The loader: one part by the address, the whole one later when the first asks for it (src/handover.rs). */
async function script(urls) {
  const loader = join(bound, "main.js");
  const own = join(frontend, "js", "main.js");
  const first = existsSync(own) ? `import ${JSON.stringify(resolve(own))};\n` : "";
  const load = (part) => `() => [import("./${part}/zhenxing.js"), fetch(${JSON.stringify(urls.get(part))})]`;
  const text = `${first}const start = async (load) => {
  const [script, wasm] = load();
  const { default: init } = await script;
  await init({ module_or_path: wasm });
};
const whole = ${load("whole")};
globalThis.zhenxing = {
  token: undefined,
  whole(token) { this.token = token; void start(whole); },
  // Charts are loaded when the first is drawn (src/components/chart.rs).
  async chart(element, option) { (await import(${JSON.stringify(resolve(join(frontend, "js", "charts.js")))})).draw(element, option); },
};
${release ? `const first = ${load("first")};
void start(${JSON.stringify(WHOLE)}.some((begin) => location.pathname.startsWith(begin)) ? whole : first);` : "void start(whole);"}
`;
  writeFileSync(loader, text);
  return bundle({ entryPoints: [resolve(loader)], format: "esm", splitting: true, target: "es2022" });
}

function styles() {
  return bundle({
    entryPoints: [join(frontend, "css", "app.css")],
    target: "es2022",
    // PatternFly names pictures and fonts that are not shipped; app.css switches them off.
    external: ["*.svg", "*.woff2", "*.jpg", "*.png"],
  });
}

function page({ css, js }) {
  return `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="description" content="振兴工作台">
<title>振兴工作台</title>
<link rel="icon" type="image/svg+xml" href="/favicon.svg">
<link rel="stylesheet" href="/${css}">
<link rel="modulepreload" href="/${js}">
<script type="module" src="/${js}"></script>
</head>
<body>
<noscript>振兴工作台需要启用 JavaScript。This workspace needs JavaScript.</noscript>
</body>
</html>
`;
}

function extraFiles() {
  const folder = join(frontend, "assets");
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    outputs.set(relative(folder, path), readFileSync(path));
  }
}

function compress() {
  for (const [name, bytes] of [...outputs]) {
    if (!/\.(wasm|js|css|svg|json)$/.test(name)) continue;
    const params = {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    };
    outputs.set(`${name}.br`, brotliCompressSync(bytes, { params }));
  }
}

// Only what changed is written, and index.html last: cargo and a running server see a whole state.
function save() {
  mkdirSync(dist, { recursive: true });
  const wanted = new Set(outputs.keys());
  const names = [...wanted].sort((a, b) => (a === "index.html") - (b === "index.html"));
  for (const name of names) {
    const path = join(dist, name);
    if (existsSync(path) && readFileSync(path).equals(outputs.get(name))) continue;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, outputs.get(name));
  }
  for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && !wanted.has(relative(dist, path))) rmSync(path);
  }
}

// What a browser loads first may have so much compressed; README.md says what makes it large.
const MOST_FIRST = 480;

function report() {
  for (const name of [...outputs.keys()].filter((name) => !name.endsWith(".br")).sort()) {
    const small = outputs.get(`${name}.br`);
    const size = (bytes) => `${(bytes.length / 1024).toFixed(0)} KB`;
    console.log(`  ${name}  ${size(outputs.get(name))}${small ? `, brotli ${size(small)}` : ""}`);
  }
}

const urls = new Map();
for (const part of PARTS) {
  const bytes = wasm(part);
  const name = hashed(part === "whole" ? "zhenxing.wasm" : `zhenxing-${part}.wasm`, bytes);
  outputs.set(name, bytes);
  urls.set(part, `/${name}`);
}
const js = await script(urls);
const css = await styles();
outputs.set("index.html", Buffer.from(page({ css, js })));
extraFiles();
if (release) compress();
save();
report();
if (release) {
  const kilobytes = outputs.get(`${urls.get("first").slice(1)}.br`).length / 1024;
  if (kilobytes > MOST_FIRST) {
    console.error(`▲ frontend: the first part has ${kilobytes.toFixed(0)} KB, more than ${MOST_FIRST}: see frontend/README.md`);
  }
}
