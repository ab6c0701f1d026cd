import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import type { ComparedMethod, ComparedSetting, SettingErrors } from "../../src/core/gptq/comparedSetting";
import { defaultGptqOptions, type GptqOptions } from "../../src/core/gptq/options";
import type { PreviewReport } from "../../src/jobs/contract";
import { count, fixed, percent, percentNumber, significant } from "../../webview/ui/format";
import type { PlaygroundSessionHost } from "../support/webview/playgroundSessionHost";
import { detail, openPlayground, settled, tiles } from "../support/webview/playgroundPage";
import { WebviewBrowser } from "../support/webview/webviewPage";

describe("Playground: methods that need what enters a layer", () => {
  const browser = WebviewBrowser.use();

  const open = (state?: object) => openPlayground(browser, state);

  const layer = "model.layers.1.self_attn.o_proj.weight";
  const settings = (method: ComparedMethod, bits: GptqOptions["bits"]): ComparedSetting => ({
    method,
    options: { ...defaultGptqOptions, bits, groupSize: 64 },
  });

  /** What the jobs alone make of the layer, by `gptq 3` and so on. */
  async function expectedOf(host: PlaygroundSessionHost) {
    const { content } = host.document;
    assert.ok(content?.kind === "ready");
    const { checkpoint } = content;
    const context = { signal: new AbortController().signal, progress: () => undefined };
    const { samples } = await host.samples(content, context.signal);
    const collected = await host.engine.collectLayer({ checkpoint, samples, tensor: layer }, context);
    const index = checkpoint.tensors.findIndex(({ name }) => name === layer);
    const all = ([3, 8] as const).flatMap((bits) => (["rtn", "gptq", "awq"] as const).map((method) => settings(method, bits)));
    const found = new Map<string, { outputError: number; errors: PreviewReport["errors"] }>();
    const onErrors = async (i: number, { outputError }: SettingErrors, values: SharedArrayBuffer): Promise<void> => {
      const { method, options } = all[i]!;
      const input = { checkpoint, tensor: index, scheme: `int${options.bits}-sym-g64`, bins: 2, values };
      found.set(`${method} ${options.bits}`, { outputError, errors: (await host.engine.preview(input, context)).errors });
    };
    await host.engine.compareSettings({ layer: collected, settings: all, onErrors }, context);
    return { of: (name: string) => found.get(name)!, tokens: collected.heldOut.shape.tokens };
  }

  async function choose(page: Page, method: string): Promise<void> {
    await page.getByRole("combobox", { name: "Method" }).click();
    await page.getByRole("option", { name: method }).click();
  }

  it("runs the model once, and shows what GPTQ and AWQ make of the weights and of the outputs", async () => {
    const { host, page } = await open({ tensor: layer, scheme: "int3-sym-g64" });
    assert.equal(host.collections, 0);
    await choose(page, "GPTQ · makes up for errors");
    await page.locator(".values").getByText("GPTQ, INT3 · symmetric, groups of 64").waitFor();
    const expected = await expectedOf(host);
    const shown = async (method: "gptq" | "awq", bits: number): Promise<void> => {
      const [{ outputError, errors }, rtn] = [expected.of(`${method} ${bits}`), expected.of(`rtn ${bits}`)];
      assert.deepEqual(await tiles(page), [
        significant(errors.mae),
        significant(errors.rmse),
        significant(errors.maxError),
        `${percentNumber(errors.within5!)}%`,
        `${fixed(errors.sqnrDb, 1)}dB`,
        significant(errors.bitsPerWeight),
      ]);
      assert.equal(await detail(page, "Error of the outputs").innerText(), percent(outputError));
      const rounding = `${percent(rtn.outputError)}, ${fixed(rtn.outputError / outputError, 2)} times as much`;
      assert.equal(await detail(page, "The same by rounding to nearest").innerText(), rounding);
      assert.equal(await detail(page, "Judged on held-out tokens").innerText(), count(expected.tokens));
    };
    await shown("gptq", 3);
    assert.equal(await detail(page, "Codes").innerText(), "−4 … 3");
    assert.ok(expected.of("gptq 3").errors.rmse! > expected.of("rtn 3").errors.rmse!, "weights are further off");
    await page.getByText("GPTQ aims at the outputs of the layer").waitFor();
    await page.locator(".quality").getByRole("button", { name: "Show as table" }).click();
    for (const [name, key] of [
      ["INT8, GPTQ, groups of 64, symmetric", "gptq 8"],
      ["INT3, AWQ, groups of 64, symmetric", "awq 3"],
      ["INT3, Rounding, groups of 64, symmetric", "rtn 3"],
    ] as const) {
      const row = page.locator(".quality-table tr").filter({ has: page.getByRole("rowheader", { name, exact: true }) });
      await row.waitFor();
      const { outputError, errors } = expected.of(key);
      assert.deepEqual(await row.locator("td").allInnerTexts(), [
        fixed(errors.bitsPerWeight, 2),
        `${fixed(errors.sqnrDb, 1)} dB`,
        `${percentNumber(errors.within5!)} %`,
        percent(outputError),
      ]);
    }
    await choose(page, "AWQ · scales large inputs");
    await page.locator(".values").getByText("AWQ, INT3 · symmetric, groups of 64").waitFor();
    await shown("awq", 3);
    assert.deepEqual([host.collections, host.failures], [1, []]);
  });

  it("shows their errors beside that of rounding, and goes to a point of theirs", async () => {
    const { host, page } = await open({ tensor: layer, scheme: "int8-sym-g64", method: "gptq" });
    await page.getByRole("radio", { name: "Outputs" }).click();
    const ratio = async (method: string): Promise<string> => {
      const expected = await expectedOf(host);
      return percent(expected.of(`${method} 8`).outputError / expected.of("rtn 8").outputError);
    };
    const chart = page.getByRole("img", { name: /^Error of the layer’s outputs by GPTQ and AWQ, as a part of that by rounding/ });
    assert.ok((await chart.getAttribute("aria-label"))?.includes(`What is chosen has ${await ratio("gptq")} of rounding at 8.25 bits`));
    await page.locator(".lines-key").getByText("AWQ, groups of 64, symmetric").waitFor();
    await chart.focus();
    for (const key of ["ArrowRight", "ArrowDown", "ArrowDown", "End"]) await page.keyboard.press(key);
    await page
      .locator(".curves-note")
      .getByText(`INT8, AWQ, groups of 64, symmetric: ${await ratio("awq")} of rounding at 8.25 bits per weight`)
      .waitFor();
    await page.keyboard.press("Enter");
    await page.locator(".values").getByText("AWQ, INT8 · symmetric, groups of 64").waitFor();
    assert.deepEqual([host.state.scheme, host.state.method], ["int8-sym-g64", "awq"]);
    await page.getByRole("button", { name: "Export…" }).click();
    await page.getByRole("menuitem", { name: "Figures as CSV…" }).click();
    await page.waitForTimeout(100);
    const csv = new TextDecoder().decode(host.saved[0]!.content);
    assert.match(csv, /\nmethod,awq\noutput_error,0\.\d+\noutput_error_by_rounding,0\.\d+\n/);
  });

  it("goes back to rounding when the run of the model is cancelled", async () => {
    const { host, page } = await open({ tensor: layer, scheme: "int4-sym-g64" });
    let release: () => void = () => undefined;
    host.held = new Promise((resolve) => (release = resolve));
    await choose(page, "GPTQ · makes up for errors");
    await page.getByText("Collecting activations… 0 %").waitFor();
    await page.getByRole("button", { name: "Cancel" }).click();
    release();
    await settled(page);
    await page.getByText(/^Collecting activations/).waitFor({ state: "detached" });
    assert.deepEqual([host.state.method, host.state.scheme, host.failures], ["rtn", "int4-sym-g64", []]);
    assert.equal(await page.getByRole("radio", { name: "Outputs" }).count(), 0);
  });

  it("offers what they can make, and says why they are not at hand", async () => {
    const { host, page } = await open({ tensor: layer, scheme: "int6" });
    await choose(page, "AWQ · scales large inputs");
    await page.locator(".values").getByText("AWQ, INT4 · asymmetric, groups of 128").waitFor();
    assert.deepEqual(await page.getByRole("radiogroup", { name: "Bits" }).getByRole("radio").allInnerTexts(), ["2", "3", "4", "8"]);
    assert.equal(await page.getByRole("radio", { name: "Tensor", exact: true }).count(), 0);
    const isOffered = async (): Promise<boolean> => {
      const option = page.getByRole("option", { name: "GPTQ · makes up for errors", includeHidden: true });
      return (await option.getAttribute("aria-disabled")) !== "true";
    };
    assert.ok(await isOffered());
    await page.getByRole("radio", { name: "Shaped" }).click();
    await page.getByText("GPTQ and AWQ need a layer of a model and what enters it; these values are shaped.").waitFor();
    assert.deepEqual([host.state.method, await isOffered()], ["rtn", false]);
    await page.getByRole("radio", { name: "Real tensor" }).click();
    await page.getByRole("combobox", { name: "Tensor" }).click();
    await page.getByRole("option", { name: "model.norm.weight" }).click();
    await page.getByText("GPTQ and AWQ need the weight of a linear layer, which this tensor is not.").waitFor();
    assert.ok(!(await isOffered()));
  });
});
