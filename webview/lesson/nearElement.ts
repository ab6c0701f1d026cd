import { state } from "lit/decorators.js";
import { LessonElement } from "./lessonElement";

/** How far below the window a section may be and still count as near. */
const margin = "600px";

/** A section whose figures take a run of the model: it asks for them when the reader comes near. */
export class NearElement extends LessonElement {
  @state() protected isNear = false;
  private observer: IntersectionObserver | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.isNear) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
        this.isNear = true;
        observer.disconnect();
      },
      { rootMargin: margin },
    );
    observer.observe(this.closest("section") ?? this);
    this.observer = observer;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.observer?.disconnect();
  }
}
