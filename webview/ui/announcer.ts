const region = document.createElement("div");

/** Puts the page's polite live region into the document. Called once, before anything is announced. */
export function installAnnouncer(): void {
  region.className = "sr";
  region.setAttribute("role", "status");
  region.setAttribute("aria-live", "polite");
  document.body.append(region);
}

/** Has a screen reader say `text` when it is idle. A newer text replaces one that was not said yet. */
export function announce(text: string): void {
  // A repeated text is a change of the region only if something differs.
  region.textContent = region.textContent === text ? `${text}\u00a0` : text;
}
