import { html, nothing, type TemplateResult } from "lit";
import { percent } from "../ui/format";
import { icon } from "../ui/icons";
import { t } from "../ui/l10n";
import "../ui/menu";
import type { EditorStore } from "./store";

export interface FigureHead {
  title: string;
  /** Share of the values that was measured; 1 is exact. */
  share: number;
  /** Between the title and the buttons. */
  controls?: TemplateResult | typeof nothing;
  /** Name of the exported files, without an ending. */
  fileName: string;
  /** The figure as a picture; undefined while there is none. */
  toPng(): string | undefined;
  toCsv(): string;
}

/** Heading of a figure of the selected tensor: how exact it is, and buttons that show it as a table and export it. */
export function figureHead(store: EditorStore, head: FigureHead): TemplateResult {
  const { asTable } = store.state;
  const savePng = (): void => {
    const dataUrl = head.toPng();
    if (dataUrl !== undefined) store.saveAs(`${head.fileName}.png`, { dataUrl });
  };
  return html`<figcaption class="fig-head">
    <h3>${head.title}</h3>
    ${head.share < 1 ? html`<span class="pill">${t("sampled {0}", percent(head.share))}</span>` : nothing}
    <span class="grow"></span>
    ${head.controls ?? nothing}
    <button
      type="button"
      class="icon-btn"
      aria-label=${t("Show as table")}
      title=${t("Show as table")}
      aria-pressed=${asTable ? "true" : "false"}
      @click=${() => store.setState({ asTable: !asTable })}
    >
      ${icon("table")}
    </button>
    <qs-menu
      icon="export"
      .label=${t("Export figure")}
      .items=${() => [
        ...(asTable ? [] : [{ label: t("Save as PNG…"), run: savePng }]),
        { label: t("Save as CSV…"), run: () => store.saveAs(`${head.fileName}.csv`, { text: head.toCsv() }) },
        { label: t("Copy as CSV"), run: () => store.copy(head.toCsv()) },
      ]}
    ></qs-menu>
  </figcaption>`;
}
