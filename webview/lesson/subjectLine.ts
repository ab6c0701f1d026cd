import { html, nothing, type TemplateResult } from "lit";
import { lessonProtocol } from "../../src/protocol/lesson";
import { compact } from "../ui/format";
import { t } from "../ui/l10n";
import type { LessonStore } from "./store";

/** What figures are about, and how to have others, and why there is no checkpoint if there is none. */
export function subjectLine(store: LessonStore): TemplateResult {
  const { subject, failure } = store;
  const ask = (type: typeof lessonProtocol.chooseCheckpoint) => (): void => store.ask(store.host.ask(type));
  const facts = subject && [subject.architecture, t("{0} weights", compact(subject.parameters))].filter(Boolean).join(", ");
  return html`<p class="src">
      ${
        subject
          ? html`<span class="pill">${t("Figures use")}&nbsp;<b>${subject.isSample ? t("the sample") : subject.name}</b>, ${facts}</span>`
          : nothing
      }
      <button type="button" class="link" @click=${ask(lessonProtocol.chooseCheckpoint)}>${t("Use another checkpoint…")}</button>
      ${
        subject?.tensor
          ? html`<span class="pill tensor-pill">${t("Tensor")}&nbsp;<b>${subject.tensor.name}</b></span>
              <button type="button" class="link" @click=${ask(lessonProtocol.chooseTensor)}>${t("Choose a tensor…")}</button>`
          : nothing
      }
    </p>
    ${failure === undefined ? nothing : html`<p class="banner" role="alert">${t("The checkpoint cannot be read: {0}", failure)}</p>`}`;
}
