import type { SectionId } from "../../src/core/lesson/sections";

/** What the reader sees of the sections. */
export interface SectionWatchEvents {
  /** The section that is read: the topmost that reaches above the middle of the window. */
  current(section: SectionId): void;
  /** The end of a section was scrolled into view. */
  ended(section: SectionId): void;
}

/** Watches which section is on the screen, and which has been scrolled through. */
export class SectionWatch {
  private sections: readonly HTMLElement[] = [];
  private readonly onScroll = (): void => this.look(true);

  constructor(private readonly events: SectionWatchEvents) {}

  observe(sections: readonly HTMLElement[]): void {
    if (this.sections.length === 0 && sections.length > 0) window.addEventListener("scroll", this.onScroll, { passive: true });
    this.sections = sections;
    this.look(false);
  }

  stop(): void {
    window.removeEventListener("scroll", this.onScroll);
    this.sections = [];
  }

  /** @param scrolled whether the reader moved: what merely fits the first screen was not read */
  private look(scrolled: boolean): void {
    const middle = window.innerHeight / 2;
    const places = this.sections.map((section) => ({ section, ...edges(section) }));
    const current = [...places].reverse().find(({ top }) => top < middle) ?? places[0];
    if (current) this.events.current(idOf(current.section));
    if (!scrolled) return;
    for (const { section, top, bottom } of places) {
      if (top < middle && bottom > 0 && bottom <= window.innerHeight) this.events.ended(idOf(section));
    }
  }
}

function edges(section: HTMLElement): { top: number; bottom: number } {
  const { top, bottom } = section.getBoundingClientRect();
  return { top, bottom };
}

function idOf(section: HTMLElement): SectionId {
  return section.dataset["section"] as SectionId;
}
