import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { type CertificatePicture, lessonProtocol } from "../../../src/protocol/lesson";
import { announce } from "../../ui/announcer";
import { button, textField } from "../../ui/controls";
import { t } from "../../ui/l10n";
import { FigureLoader } from "../figureLoader";
import { LessonElement } from "../lessonElement";
import { svgToPng, svgUrl } from "../svgToPng";
import type { LessonPart } from "../lessonPart";

/** The last section: marks the lesson as complete, and makes the certificate. */
@customElement("qs-lesson-certificate")
export class CertificateSection extends LessonElement {
  @state() private name = "";
  private readonly loader = new FigureLoader(lessonProtocol.certificate, () => this.requestUpdate());
  /** Counts changes of the progress, which the certificate shows. */
  private changes = 0;

  protected override storeChanged(): void {
    this.changes += 1;
    super.storeChanged();
  }

  override render(): TemplateResult {
    const { completedAt } = this.store.progress;
    return html`<p>
        ${t("The certificate says that you worked through the lesson, when, and how many checks you answered. It is a record for yourself, not an examination.")}
      </p>
      ${this.renderOpen()}
      <div class="certificate">${completedAt === undefined ? this.renderIncomplete() : this.renderCertificate()}</div>`;
  }

  /** The checks that are not answered yet, if any. */
  private renderOpen(): TemplateResult | typeof nothing {
    const { sections, progress } = this.store;
    const open = sections.filter(({ quizzes }) => quizzes.some((quiz) => !progress.quizzes[quiz]?.isRight));
    if (open.length === 0) return html`<p>${t("All checks are answered.")}</p>`;
    return html`<p>
      ${t("Checks are still open in:")}
      ${open.map(
        ({ id, title }, place) =>
          html`${place > 0 ? ", " : nothing}<a
              href="#${id}"
              @click=${(event: Event) => {
                event.preventDefault();
                this.store.goTo(id);
              }}
              >${title}</a
            >`,
      )}.
    </p>`;
  }

  private renderIncomplete(): TemplateResult {
    const { store } = this;
    return html`<div class="certificate-actions">
      ${button({ label: t("Mark as complete"), primary: true, onClick: () => store.ask(store.host.ask(lessonProtocol.complete)) })}
    </div>`;
  }

  private renderCertificate(): TemplateResult {
    const { store, loader, name } = this;
    if (name.trim() !== "") loader.want(store.host, { name }, this.changes);
    const picture = name.trim() === "" ? undefined : loader.shown;
    return html`<div class="certificate-actions">
        <label class="field">
          <span class="label">${t("Your name")}</span>
          ${textField({ label: t("Your name"), value: name, onInput: (value) => (this.name = value.slice(0, 200)) })}
        </label>
        ${button({ label: t("Save as SVG…"), primary: true, disabled: !picture, onClick: () => picture && this.saveSvg(picture) })}
        ${button({ label: t("Save as PNG…"), disabled: !picture, onClick: () => picture && this.savePng(picture) })}
      </div>
      ${loader.failure === undefined ? nothing : html`<p role="alert">${loader.failure}</p>`}
      ${picture ? html`<img src=${svgUrl(picture.svg)} width=${picture.width} height=${picture.height} alt=${this.describe(picture)} />` : nothing}`;
  }

  private describe({ score }: CertificatePicture): string {
    return t("Certificate of {0}: {1} of {2} checks right, {3} at the first try", this.name.trim(), score.right, score.of, score.atFirst);
  }

  private saveSvg({ svg }: CertificatePicture): void {
    this.save({ name: "quantscope-certificate.svg", text: svg });
  }

  private savePng(picture: CertificatePicture): void {
    this.store.ask(svgToPng(picture).then((dataUrl) => this.save({ name: "quantscope-certificate.png", dataUrl })));
  }

  private save(file: { name: string; text?: string; dataUrl?: string }): void {
    this.store.ask(this.store.host.request(lessonProtocol.save, file).then((saved) => saved && announce(t("Saved."))));
  }
}

export const certificateSection: LessonPart = {
  heading: () => t("Completion and certificate"),
  render: (store) => html`<qs-lesson-certificate .store=${store}></qs-lesson-certificate>`,
};
