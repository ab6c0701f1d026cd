import { html, type TemplateResult } from "lit";
import { announce } from "./announcer";
import { icon } from "./icons";
import { t } from "./l10n";

/** A figure that can be saved as a picture. */
interface SavedFigure {
  /** Of the file. */
  name: string;
  /** The figure of the button's section as a PNG data URL; undefined while there is none. */
  draw(section: Element): string | undefined;
  /** Whether its table stands in its place. */
  asTable: boolean;
  /** Asks the host; false when the user dismissed its dialog. */
  save(file: { name: string; dataUrl: string }): Promise<boolean>;
}

/** A button in the heading of a figure's section that saves the figure, and says so, or why there is nothing to save. */
export function savePngButton(store: { ask(work: Promise<unknown>): void }, { name, draw, asTable, save }: SavedFigure): TemplateResult {
  const onClick = (event: Event): void => {
    const section = (event.currentTarget as HTMLElement).closest("section");
    const dataUrl = section ? draw(section) : undefined;
    if (dataUrl === undefined)
      return announce(asTable ? t("The table is shown; there is no figure to save.") : t("There is no figure to save yet."));
    store.ask(save({ name, dataUrl }).then((saved) => saved && announce(t("Saved."))));
  };
  return html`<button type="button" class="icon-btn" aria-label=${t("Save as PNG…")} title=${t("Save as PNG…")} @click=${onClick}>
    ${icon("export")}
  </button>`;
}
