import assert from "node:assert/strict";
import * as vscode from "vscode";
import { quantscope, report } from "./support/extension";

interface Contributions {
  contributes: { commands: { command: string }[] };
}

describe("activation", () => {
  it("registers every contributed command, and reports how long it took", async () => {
    const { api, extension } = await quantscope();
    const registered = new Set(await vscode.commands.getCommands(true));
    const { contributes } = extension.packageJSON as Contributions;
    assert.deepEqual(
      contributes.commands.map((command) => command.command).filter((command) => !registered.has(command)),
      [],
    );
    assert.ok(api.activationMs > 0);
    report(`activation: ${api.activationMs.toFixed(1)} ms`);
  });

  it("opens nothing and starts nothing by itself", async () => {
    const { api } = await quantscope();
    assert.deepEqual(api.jobs(), []);
    assert.equal(api.statusText(), undefined);
  });
});
