// Page object of the walkthrough.

/** The extension's walkthrough in VS Code's own page. */
export class Walkthrough {
  /** @param {import("playwright-core").Page} page */
  constructor(page) {
    this.page = page;
    this.title = page.locator(".gettingStartedContainer .gettingStartedSlideDetails .category-title");
    this.checkboxes = page.locator(".gettingStartedContainer [data-done-step-id]");
  }

  /** @param {string} id as in the manifest */
  step(id) {
    return this.page.locator(`.gettingStartedContainer [data-step-id$="#${id}"]`);
  }

  /** Steps in their order, each with whether VS Code has checked it. */
  async progress() {
    const found = await this.checkboxes.evaluateAll((boxes) =>
      boxes.map((box) => ({ id: box.getAttribute("data-done-step-id"), done: box.getAttribute("aria-checked") })),
    );
    return found.map(({ id, done }) => /** @type {const} */ ([id?.split("#").at(-1) ?? "", done === "true"]));
  }

  /** Waits until VS Code has checked a step. @param {string} id */
  async checked(id) {
    await this.page.locator(`[data-done-step-id$="#${id}"][aria-checked="true"]`).waitFor({ timeout: 60_000 });
  }

  /** VS Code focuses a step a moment after it is unfolded, which closes whatever is open by then. @param {string} [id] */
  async focused(id) {
    const step = id === undefined ? "[data-step-id]" : `[data-step-id$="#${id}"]`;
    await this.page.locator(`.gettingStartedContainer ${step}[aria-expanded="true"]:focus`).waitFor();
  }

  /** Unfolds a step, which also shows its picture. @param {string} id */
  async choose(id) {
    const step = this.step(id);
    if ((await step.getAttribute("aria-expanded")) !== "true") await step.locator(".step-title").click();
    else await this.step(id).focus();
    await this.focused(id);
  }

  /** Presses the button of a step. @param {string} id @param {string} name */
  async press(id, name) {
    await this.choose(id);
    await this.step(id).locator(".monaco-button", { hasText: name }).click();
  }
}
