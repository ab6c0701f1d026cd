import { html, nothing, type TemplateResult } from "lit";
import { lessonProtocol } from "../../src/protocol/lesson";
import { t } from "../ui/l10n";
import type { LessonStore } from "./store";

/** From a figure to the tensor that it shows. */
export function openTensorLink(store: LessonStore): TemplateResult | typeof nothing {
  const { tensor } = store;
  if (!tensor) return nothing;
  const open = (): void => store.ask(store.host.request(lessonProtocol.openTensor, { tensor: tensor.index }));
  return html`<button type="button" class="link xs" aria-label=${t("Open {0} in the editor", tensor.name)} @click=${open}>
    ${t("Open this tensor in the editor")}
  </button>`;
}
