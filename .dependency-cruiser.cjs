// The import rules of the architecture, checked on resolved files: who may import whom, and no cycles.

/** Files of `from` may import only themselves, packages of npm, and what `to` names. */
function only(name, from, to, comment) {
  return {
    name,
    comment,
    severity: "error",
    from: { path: from },
    to: { path: "^(src|webview|test|scripts)/", pathNot: [from, ...to] },
  };
}

/** Room `from` may use `to` as types only. */
const typesOnly = (name, from, to) => ({
  name,
  severity: "error",
  from: { path: from },
  to: { path: to, dependencyTypesNot: ["type-only"] },
});

const noPlatform = (name, from) => ({
  name,
  comment: "pure TypeScript: runs in the extension host, a worker, a browser, a test",
  severity: "error",
  from: { path: from },
  to: { dependencyTypes: ["core"] },
});

module.exports = {
  forbidden: [
    {
      name: "no-cycles",
      comment: "not even of types: what two files share stands where both can import it",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    { name: "no-unresolved", severity: "error", from: {}, to: { couldNotResolve: true, pathNot: "^vscode$" } },
    {
      name: "no-test-in-product",
      severity: "error",
      from: { path: "^(src|webview)/" },
      to: { path: "^(test|scripts)/" },
    },
    noPlatform("core-is-pure", "^src/(core|protocol|kernels)/"),
    only("core-alone", "^src/core/", [], "the core imports only itself"),
    only("protocol", "^src/protocol/", ["^src/core/", "^src/jobs/contract\\.ts$"]),
    typesOnly("protocol-types", "^src/protocol/", "^src/(core|jobs)/"),
    only("kernels", "^src/kernels/", ["^src/core/"]),
    only("io", "^src/io/", ["^src/core/"]),
    only("jobs", "^src/jobs/", ["^src/(core|kernels|io|protocol)/"]),
    typesOnly("jobs-protocol-types", "^src/jobs/", "^src/protocol/"),
    only("hdf5", "^src/hdf5/", ["^src/(core|io)/", "^src/jobs/tasks/byteSource\\.ts$"]),
    only("cli", "^src/cli/", ["^src/(jobs|io|core)/"]),
    only("extension", "^src/extension/", ["^src/(jobs|io|core|protocol)/"]),
    only("webview", "^webview/", ["^src/protocol/", "^src/core/", "^src/jobs/contract\\.ts$"]),
    typesOnly("webview-types", "^webview/", "^src/(core|jobs)/"),
    {
      name: "vscode-in-extension-only",
      severity: "error",
      from: { path: "^(src|webview)/", pathNot: "^src/extension/" },
      to: { path: "^vscode$" },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.base.json" },
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^src/kernels/assembly/" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      extensions: [".ts", ".mts", ".d.ts", ".js", ".mjs", ".cjs", ".json"],
      conditionNames: ["import", "require", "node", "default", "types"],
    },
  },
};
