import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { announce } from "../ui/announcer";
import { fixed, percent } from "../ui/format";
import { t } from "../ui/l10n";
import { LightElement } from "../ui/lightElement";
import { LateFigure } from "./lateFigure";
import { paretoFront } from "./paretoFront";
import type { TypesContent } from "./typesFigure";

/**
 * The chart of types with a cursor that the pointer or the arrow keys move, and its twin, a table. Event `choose` (detail: the
 * index of a point) when one is clicked or entered.
 */
@customElement("qs-types-view")
export class TypesView extends LightElement {
  @property({ attribute: false }) content!: TypesContent;
  @property({ type: Boolean }) asTable = false;
  @query("canvas") private readonly canvas!: HTMLCanvasElement | null;
  @state() private cursor: number | undefined;
  private readonly late = new LateFigure(
    this,
    () => this.canvas,
    async () => {
      const { TypesFigure } = await import("./typesFigure");
      return (canvas) => new TypesFigure(canvas);
    },
  );

  /** The chart as a PNG data URL; undefined before it is drawn. */
  toPng(): string | undefined {
    return this.late.figure?.toPng();
  }

  override render(): TemplateResult {
    const { points } = this.content;
    if (points.length === 0) return html`<p class="muted">${t("Nothing is measured yet.")}</p>`;
    const front = new Set(paretoFront(points));
    if (this.asTable) return this.renderTable(front);
    return html`<div
        class="chart-focus types-box"
        tabindex="0"
        role="img"
        aria-label=${this.summary(front.size)}
        aria-keyshortcuts="ArrowLeft ArrowRight Home End Enter"
        @keydown=${this.onKeyDown}
        @pointermove=${(event: PointerEvent) => (this.cursor = this.late.figure?.pointAt(event.clientX, event.clientY))}
        @pointerleave=${() => (this.cursor = undefined)}
        @click=${() => this.choose()}
      >
        <canvas aria-hidden="true"></canvas>
      </div>
      <p class="xs muted">
        ${this.cursor === undefined ? (this.content.hint ?? t("Filled: the Pareto front. No listed type has less error in as few bits. Hollow: another is as small and better.")) : this.textOf(this.cursor)}
      </p>`;
  }

  private renderTable(front: ReadonlySet<unknown>): TemplateResult {
    const { points, title } = this.content;
    const sorted = [...points.keys()].sort((a, b) => points[a]!.bitsPerWeight - points[b]!.bitsPerWeight);
    return html`<div class="table-scroll" tabindex="0" role="region" aria-label=${t("Types")}>
      <table class="grid">
        <thead>
          <tr>
            <th scope="col">${t("Type")}</th>
            <th scope="col" class="num">${t("Bits per weight")}</th>
            <th scope="col" class="num">${title}</th>
            <th scope="col">${t("Pareto front")}</th>
          </tr>
        </thead>
        <tbody>
          ${sorted.map((index) => {
            const point = points[index]!;
            return html`<tr>
              <th scope="row">${point.label}</th>
              <td class="num">${fixed(point.bitsPerWeight, 2)}</td>
              <td class="num">${this.write(point.error)}</td>
              <td>${front.has(point) ? t("yes") : nothing}</td>
            </tr>`;
          })}
        </tbody>
      </table>
    </div>`;
  }

  private summary(front: number): string {
    return t(
      "{0} against bits per weight for {1} types; {2} are on the Pareto front.",
      this.content.title,
      String(this.content.points.length),
      String(front),
    );
  }

  private textOf(index: number): string {
    const { points } = this.content;
    const point = points[index];
    if (!point) return "";
    const where = paretoFront(points).includes(point) ? t("on the Pareto front") : t("another type is as small and better");
    return t("{0}: {1} at {2} bits per weight, {3}", point.label, this.write(point.error), fixed(point.bitsPerWeight, 2), where);
  }

  private write(error: number): string {
    return this.content.axis?.write(error) ?? percent(error);
  }

  private choose(): void {
    if (this.cursor !== undefined) this.dispatchEvent(new CustomEvent<number>("choose", { detail: this.cursor }));
  }

  private readonly onKeyDown = (event: KeyboardEvent): void => {
    const { points } = this.content;
    const order = [...points.keys()].sort((a, b) => points[a]!.bitsPerWeight - points[b]!.bitsPerWeight);
    const place = this.cursor === undefined ? -1 : order.indexOf(this.cursor);
    const last = order.length - 1;
    const moves: Record<string, number> = { ArrowRight: Math.min(last, place + 1), ArrowLeft: Math.max(0, place - 1), Home: 0, End: last };
    const next = moves[event.key];
    if (next !== undefined) {
      this.cursor = order[next];
      if (this.cursor !== undefined) announce(this.textOf(this.cursor));
    } else if (event.key === "Enter") this.choose();
    else return;
    event.preventDefault();
  };
}
