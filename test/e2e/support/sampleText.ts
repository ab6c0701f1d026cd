import type { Workbench } from "../../host/workbench.mjs";

/**
 * Answers what commands ask that run a model on a text: the sample text, and how much of it.
 *
 * @param samples what is proposed when absent
 */
export async function takeSampleText(workbench: Workbench, { samples, tokens }: { samples?: number; tokens: number }): Promise<void> {
  await workbench.quickInput.locator('.quick-input-list .monaco-list-row[aria-label*="Sample text"]').first().click();
  for (const [prompt, answer] of [
    ["Number of samples", samples],
    ["Tokens of a sample", tokens],
  ] as const) {
    await workbench.quickInput.getByText(prompt).waitFor();
    if (answer !== undefined) await workbench.input.fill(String(answer));
    await workbench.page.keyboard.press("Enter");
  }
}
