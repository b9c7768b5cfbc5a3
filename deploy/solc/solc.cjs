// npm's wasm compiler behind the native compiler's command line, as far as py-solc-x and forge use it.
// npm's own solcjs prints a line before the JSON and has neither --allow-paths nor the native --version.
"use strict";

const fs = require("node:fs");
const path = require("node:path");

function parse(argv) {
  const options = { basePath: ".", includePaths: [], allowPaths: [] };
  for (let i = 0; i < argv.length; i++) {
    if (argv[i] === "--version") options.version = true;
    else if (argv[i] === "--standard-json") options.standardJson = true;
    else if (argv[i] === "--base-path") options.basePath = argv[++i];
    else if (argv[i] === "--include-path") options.includePaths.push(argv[++i]);
    else if (argv[i] === "--allow-paths") options.allowPaths.push(...argv[++i].split(","));
    else if (argv[i] !== "-") throw new Error(`unrecognised option '${argv[i]}'`);
  }
  return options;
}

function reader({ basePath, includePaths, allowPaths }) {
  const roots = [basePath, ...includePaths];
  const allowed = [...roots, ...allowPaths].filter((folder) => fs.existsSync(folder)).map((folder) => fs.realpathSync(folder));
  return (name) => {
    const found = roots.map((root) => path.resolve(root, name)).find((file) => fs.existsSync(file));
    if (!found) return { error: `not found under ${roots.join(", ")}` };
    const real = fs.realpathSync(found);
    const inside = allowed.some((folder) => !path.relative(folder, real).startsWith(".."));
    return inside ? { contents: fs.readFileSync(real, "utf8") } : { error: "outside the allowed folders" };
  };
}

function main() {
  const options = parse(process.argv.slice(2));
  const solc = require(require.resolve("solc", { paths: [path.resolve(options.basePath), process.cwd(), __dirname] }));
  if (options.version) {
    process.stdout.write(`solc, the solidity compiler commandline interface\nVersion: ${solc.version()}\n`);
  } else if (options.standardJson) {
    const input = fs.readFileSync(0, "utf8");
    process.stdout.write(solc.compile(input, { import: reader(options) }));
  } else {
    throw new Error("unrecognised option ''");
  }
}

try {
  main();
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
