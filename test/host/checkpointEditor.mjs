// Page object of the checkpoint editor.

/** The page of a checkpoint, found by roles and labels as assistive technology finds it. */
export class CheckpointEditor {
  /** @param {import("playwright-core").FrameLocator} frame */
  constructor(frame) {
    this.frame = frame;
    this.grid = frame.getByRole("treegrid", { name: "Tensors" });
    /** Rows of tensors and groups, without the header. */
    this.rows = this.grid.locator(".tensor-body [role=row]");
    this.filter = frame.locator("[aria-label='Filter tensors'] input");
    this.status = frame.locator(".list-status");
    this.title = frame.getByRole("heading", { level: 2 });
    this.values = frame.getByRole("grid", { name: "Values" });
    this.figure = frame.locator("qs-figure-view .chart-focus");
  }

  /** The row of a tensor or group by the end of its full name. @param {string} name */
  row(name) {
    return this.rows.filter({ has: this.frame.locator(`.tensor-name[title$="${name}"]`) }).first();
  }

  /** Full names of the first rows in view, from the top. */
  async names(count = 5) {
    const drawn = await this.rows.evaluateAll((rows) =>
      rows.map((row) => ({
        name: row.querySelector(".tensor-name")?.getAttribute("title") ?? "",
        index: Number(row.getAttribute("aria-rowindex")),
      })),
    );
    const sorted = drawn.sort((one, other) => one.index - other.index);
    return sorted.slice(0, count).map(({ name }) => name);
  }

  /** Texts of one row's cells. @param {string} name */
  async cells(name) {
    const texts = await this.row(name).getByRole("gridcell").allInnerTexts();
    return texts.map((text) => text.trim());
  }

  /** Rows and header as they are announced: the count includes what is not drawn. */
  async rowCount() {
    return Number(await this.grid.getAttribute("aria-rowcount")) - 1;
  }

  /** @param {string} name */
  header(name) {
    return this.grid.getByRole("columnheader", { name });
  }

  /** @param {"Histogram" | "Values" | "Types" | "Metadata"} name */
  tab(name) {
    return this.frame.getByRole("tab", { name });
  }

  /** @param {string} name */
  button(name) {
    return this.frame.getByRole("button", { name, exact: true });
  }

  /** A choice of a group of side-by-side choices. @param {string} group @param {string} name */
  choice(group, name) {
    return this.frame.getByRole("radiogroup", { name: group }).getByRole("radio", { name, exact: true });
  }

  /** Chooses from a drop-down list. @param {string} label @param {string} option */
  async choose(label, option) {
    const list = this.frame.locator(`vscode-dropdown[aria-label="${label}"]`);
    await list.click();
    await list
      .locator("vscode-option", { hasText: new RegExp(`^\\s*${option}`) })
      .first()
      .click();
  }

  /** The value of a figure of merit, e.g. `SQNR`. @param {string} label */
  async tile(label) {
    const tile = this.frame.locator(".tile", { has: this.frame.locator("dt", { hasText: label }) });
    return ((await tile.locator("dd").first().textContent()) ?? "").trim();
  }

  /** Starts a scan and waits for its end. */
  async scan() {
    await this.button("Scan").click();
    await this.status.getByText("all scanned").waitFor({ timeout: 60_000 });
  }
}
