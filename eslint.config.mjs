// Lint rules. The import rules are the layering of the architecture; `.dependency-cruiser.cjs` checks the same on resolved files.
import tseslint from "typescript-eslint";

const nodeModules = ["node:*", "fs", "fs/*", "path", "os", "worker_threads", "child_process"];

/** Forbids modules and rooms: `rooms` are folders of the project that must not be imported, `typesOnly` only as types. */
function imports({ modules = [], rooms = [], typesOnly = [], message }) {
  const patterns = [];
  if (modules.length > 0) patterns.push({ group: modules, message });
  if (rooms.length > 0) patterns.push({ regex: `^\\.{1,2}/(.*/)?(${rooms.join("|")})/`, message });
  if (typesOnly.length > 0)
    patterns.push({ regex: `^\\.{1,2}/(.*/)?(${typesOnly.join("|")})/`, allowTypeImports: true, message: `types only: ${message}` });
  return { "@typescript-eslint/no-restricted-imports": ["error", { patterns }] };
}

/** Rooms outside `src/<own>` that a file may not reach; `../webview` is never reachable from src. */
const outside = (...allowed) =>
  ["core", "kernels", "io", "jobs", "protocol", "cli", "extension", "webview", "test"].filter((room) => !allowed.includes(room));

export default tseslint.config(
  {
    ignores: [
      "dist/",
      "out/",
      "node_modules/",
      ".cache/",
      "media/",
      "coverage/",
      "src/kernels/assembly/",
      "test/host/vscode-*/",
      "test/fixtures/",
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  {
    files: ["**/*.ts"],
    extends: [...tseslint.configs.strict],
    rules: {
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "separate-type-imports", disallowTypeAnnotations: false }],
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: { arguments: false, attributes: false } }],
      "@typescript-eslint/await-thenable": "error",
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "@typescript-eslint/prefer-readonly": "error",
      "@typescript-eslint/return-await": ["error", "in-try-catch"],
      // Indexed access is checked by the compiler; where an index is known to be in range, `!` says so.
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      eqeqeq: ["error", "always"],
      "no-console": "error",
      "no-restricted-syntax": [
        "error",
        { selector: "ExportDefaultDeclaration", message: "Named exports only." },
        { selector: "ExportAllDeclaration", message: "No barrels: import from the file that defines it." },
        { selector: "ExportNamedDeclaration[source]", message: "No barrels: import from the file that defines it." },
      ],
    },
  },
  ...Object.entries({
    src: "tsconfig.json",
    webview: "tsconfig.webview.json",
    test: "tsconfig.test.json",
    scripts: "tsconfig.scripts.json",
  }).map(([folder, project]) => ({
    files: [`${folder}/**/*.ts`],
    languageOptions: { parserOptions: { project, tsconfigRootDir: import.meta.dirname } },
  })),
  {
    files: ["src/core/**/*.ts"],
    rules: imports({ modules: ["vscode", ...nodeModules], rooms: outside("core"), message: "the core is pure and imports only itself" }),
  },
  {
    files: ["src/protocol/**/*.ts"],
    rules: imports({
      modules: ["vscode", ...nodeModules],
      rooms: outside("protocol", "core", "jobs"),
      typesOnly: ["core", "jobs"],
      message: "the protocol is plain data for both sides",
    }),
  },
  {
    files: ["src/kernels/**/*.ts"],
    rules: imports({ modules: ["vscode", ...nodeModules], rooms: outside("core", "kernels"), message: "kernels import the core only" }),
  },
  {
    files: ["src/io/**/*.ts"],
    rules: imports({ modules: ["vscode"], rooms: outside("core", "io"), message: "io imports the core and Node" }),
  },
  {
    files: ["src/jobs/**/*.ts"],
    rules: imports({
      modules: ["vscode"],
      rooms: outside("core", "kernels", "io", "jobs", "protocol"),
      typesOnly: ["protocol"],
      message: "jobs know nothing of VS Code",
    }),
  },
  {
    files: ["src/cli/**/*.ts"],
    rules: imports({
      modules: ["vscode"],
      rooms: outside("core", "io", "jobs", "cli"),
      message: "the command line imports jobs, io and core",
    }),
  },
  {
    files: ["src/extension/**/*.ts"],
    rules: imports({
      rooms: outside("core", "io", "jobs", "protocol", "extension"),
      message: "the extension imports jobs, io, core and protocol",
    }),
  },
  {
    files: ["webview/**/*.ts"],
    rules: imports({
      modules: ["vscode", ...nodeModules],
      rooms: outside("core", "jobs", "protocol", "webview"),
      typesOnly: ["core", "jobs"],
      message: "a page imports the protocol only",
    }),
  },
  { files: ["**/*.d.ts"], rules: { "@typescript-eslint/no-extraneous-class": "off" } },
  {
    files: ["test/**/*.ts"],
    rules: {
      "no-console": "off",
      "@typescript-eslint/no-restricted-imports": "off",
    },
  },
  { files: ["src/cli/**/*.ts"], rules: { "no-console": "off" } },
  {
    files: ["**/*.mjs", "**/*.cjs"],
    languageOptions: { ecmaVersion: 2024 },
    rules: {
      eqeqeq: ["error", "always"],
      "no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "prefer-const": "error",
      "no-var": "error",
    },
  },
);
