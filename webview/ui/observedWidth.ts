import type { ReactiveController, ReactiveControllerHost } from "lit";

/** Tells an element its width in pixels, first and whenever it changes, as long as it is in the document. */
export class ObservedWidth implements ReactiveController {
  private readonly observer: ResizeObserver;

  constructor(
    private readonly host: ReactiveControllerHost & Element,
    changed: (width: number) => void,
  ) {
    this.observer = new ResizeObserver(([entry]) => {
      if (entry) changed(entry.contentRect.width);
    });
    host.addController(this);
  }

  hostConnected(): void {
    this.observer.observe(this.host);
  }

  hostDisconnected(): void {
    this.observer.disconnect();
  }
}
