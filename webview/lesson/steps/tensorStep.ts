import { html, nothing, type TemplateResult } from "lit";
import type { LessonTensor } from "../../../src/protocol/lesson";
import { t } from "../../ui/l10n";
import type { FigureLoader } from "../figureLoader";
import { LessonElement } from "../lessonElement";
import { subjectLine } from "../subjectLine";

/** What of a loader is looked at here. */
type Loaded = Pick<FigureLoader<never, unknown>, "shown" | "failure">;

/** A step whose figure is about the tensor that the reader chose. */
export abstract class TensorStep extends LessonElement {
  override render(): TemplateResult {
    const { store } = this;
    const { tensor } = store;
    return html`${subjectLine(store)}
    ${
      tensor
        ? this.renderStep(tensor)
        : store.subject
          ? html`<p>${t("This checkpoint has no matrices whose values can be read.")}</p>`
          : nothing
    }`;
  }

  protected abstract renderStep(tensor: LessonTensor): TemplateResult;

  /** Why the figure is not there: it failed, or it is still computed. Undefined when all is there. */
  protected pending(...loaders: Loaded[]): TemplateResult | undefined {
    const failure = loaders.map((loader) => loader.failure).find((message) => message !== undefined);
    if (failure !== undefined) return html`<p role="alert">${failure}</p>`;
    return loaders.some(({ shown }) => shown === undefined) ? html`<div class="bar"><i></i></div>` : undefined;
  }
}
