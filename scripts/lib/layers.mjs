// The layers of `npm test`, in their order: what each runs, what it needs on the machine, and how its result is counted.
import { at } from "./paths.mjs";

const bin = {
  prettier: at("node_modules/prettier/bin/prettier.cjs"),
  tsc: at("node_modules/typescript/bin/tsc"),
  eslint: at("node_modules/eslint/bin/eslint.js"),
  knip: at("node_modules/knip/bin/knip.js"),
  depcruise: at("node_modules/dependency-cruiser/bin/dependency-cruise.mjs"),
  mocha: at("node_modules/mocha/bin/mocha.js"),
};

/**
 * @typedef {object} Layer
 * @property {string} name
 * @property {string[][]} commands arguments of Node, run one after the other
 * @property {"commands" | "tests"} counts each command is one check, or the runner writes `{ passes, failures, pending }` at its end
 * @property {("chromium" | "host" | "host-newest" | "ggml" | "python")[]} needs steps of setup beyond the npm packages
 * @property {"sources" | "build" | "package"} tests what must have been made before: nothing, `dist`, or the installed .vsix
 * @property {Record<string, string>} [env]
 */

const typeConfigs = ["tsconfig.json", "tsconfig.core.json", "tsconfig.webview.json", "tsconfig.test.json", "tsconfig.scripts.json"];

/** @param {string} folder @param {string[]} [options] */
const mocha = (folder, options = []) => [
  bin.mocha,
  "--forbid-only",
  "--reporter",
  "test/support/layerReporter.cjs",
  ...options,
  `test/${folder}/**/*.test.ts`,
];

/** A headless browser stalls once in some thousand pages: a test of one is tried a second time, and the layer's line says so. */
const browser = ["--retries", "1"];

/** @type {Layer[]} */
export const layers = [
  { name: "format", commands: [[bin.prettier, "--check", "."]], counts: "commands", needs: [], tests: "sources" },
  { name: "types", commands: typeConfigs.map((config) => [bin.tsc, "-p", config]), counts: "commands", needs: [], tests: "sources" },
  { name: "lint", commands: [[bin.eslint, ".", "--max-warnings", "0"]], counts: "commands", needs: [], tests: "sources" },
  {
    name: "hygiene",
    commands: [
      [bin.knip, "--no-progress"],
      [bin.depcruise, "src", "webview", "scripts", "test"],
      ["scripts/notice.mjs", "--check"],
    ],
    counts: "commands",
    needs: [],
    tests: "build",
  },
  { name: "unit", commands: [mocha("unit")], counts: "tests", needs: [], tests: "build" },
  { name: "fuzz", commands: [mocha("fuzz")], counts: "tests", needs: [], tests: "build" },
  { name: "oracle", commands: [mocha("oracle")], counts: "tests", needs: ["ggml", "python"], tests: "build" },
  {
    name: "webview",
    commands: [mocha("webview", ["--timeout", "60000", ...browser])],
    counts: "tests",
    needs: ["chromium"],
    tests: "build",
  },
  { name: "package", commands: [["scripts/package.mjs", "--install"]], counts: "commands", needs: ["host"], tests: "build" },
  { name: "integration", commands: [["test/runIntegration.mjs"]], counts: "tests", needs: ["chromium", "host"], tests: "package" },
  {
    name: "integration-newest",
    commands: [["test/runIntegration.mjs"]],
    counts: "tests",
    needs: ["chromium", "host-newest"],
    tests: "package",
    env: { VSCODE_HOST_VERSION: "1.139" },
  },
  { name: "e2e", commands: [mocha("e2e", browser)], counts: "tests", needs: ["chromium", "host"], tests: "package" },
];
