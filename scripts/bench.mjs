// `npm run bench`: brings the machine, the build and the installed package up to date, then measures against the real peers.
//
//   npm run bench -- [--only kernels,stats,…] [--rounds N] [--install-peers]
//
// --install-peers also installs torch, bitsandbytes and hqq: 6 GB on Linux. Without it they are compared with where they are
// there already. The other options are those of test/bench/bench.ts.
import { at } from "./lib/paths.mjs";
import { node, run } from "./lib/run.mjs";
import { setup } from "./setup.mjs";
import { oracleEnv } from "./setup/oracles.mjs";

try {
  const peers = "--install-peers";
  const given = process.argv.slice(2);
  await setup(["packages", "chromium", "host", "host-newest", "ggml", "python", ...(given.includes(peers) ? ["torch"] : [])]);
  await node([at("scripts/package.mjs"), "--install"]);
  const args = [at("node_modules/tsx/dist/cli.mjs"), at("test/bench/bench.ts"), ...given.filter((option) => option !== peers)];
  const { code } = await run(process.execPath, args, { env: oracleEnv(), show: true, limitMs: 3_600_000 });
  process.exitCode = code ?? 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
