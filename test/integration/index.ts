import { appendFileSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import util from "node:util";
import Mocha from "mocha";

/** Entry point: VS Code calls this inside its extension host. */
export async function run(): Promise<void> {
  const output = process.env.VSCODE_TEST_OUTPUT;
  // Results go to the file that the runner shows, not into the workbench's console between its own lines.
  if (output) Mocha.reporters.Base.consoleLog = (...parts: unknown[]) => appendFileSync(output, `${util.format(...parts)}\n`);
  const mocha = new Mocha({ ui: "bdd", timeout: 90_000, slow: 5_000, ...(process.env.MOCHA_GREP ? { grep: process.env.MOCHA_GREP } : {}) });
  for (const name of readdirSync(__dirname).sort()) if (name.endsWith(".test.js")) mocha.addFile(path.join(__dirname, name));
  const stats = await new Promise<Mocha.Stats>((resolve, reject) => {
    const runner = mocha.run(() => (runner.stats ? resolve(runner.stats) : reject(new Error("no statistics"))));
  });
  const { passes, failures, pending } = stats;
  if (output) appendFileSync(output, `\n${passes} passed, ${failures} failed, ${pending} skipped\n`);
  if (process.env.VSCODE_TEST_VERDICT) writeFileSync(process.env.VSCODE_TEST_VERDICT, JSON.stringify({ passes, failures, pending }));
  if (failures > 0 || passes === 0) throw new Error(`${failures} tests failed, ${passes} passed`);
}
