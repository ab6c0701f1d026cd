import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { icon, type IconName } from "./icons";
import { LightElement } from "./lightElement";

export interface MenuItem {
  label: string;
  /** A second, muted text: why the item shows no effect just now. */
  detail?: string;
  /** Present on items that switch something on and off; the menu stays open. */
  checked?: boolean;
  run(): void;
}

/** A button that opens a menu below itself. Arrow keys, Home, End and letters move, Enter runs, Esc closes. */
@customElement("qs-menu")
export class Menu extends LightElement {
  /** Name of the button. */
  @property() label = "";
  @property() icon: IconName = "ellipsis";
  /** Asked for whenever the open menu is drawn. */
  @property({ attribute: false }) items: () => readonly MenuItem[] = () => [];
  @state() private isOpen = false;
  @query(".menu-button") private readonly button!: HTMLButtonElement;
  @query(".menu") private readonly popup!: HTMLElement;

  /** Opens the menu with the focus on its first item. */
  open(): void {
    this.isOpen = true;
    void this.updateComplete.then(() => {
      this.popup.showPopover();
      this.place();
      this.focusItem(0);
    });
  }

  override render(): TemplateResult {
    return html`<button
        type="button"
        class="icon-btn menu-button"
        aria-label=${this.label}
        title=${this.label}
        aria-haspopup="menu"
        aria-expanded=${this.isOpen ? "true" : "false"}
        @click=${() => (this.isOpen ? this.close() : this.open())}
        @keydown=${(event: KeyboardEvent) => {
          if (event.key !== "ArrowDown") return;
          event.preventDefault();
          this.open();
        }}
      >
        ${icon(this.icon)}
      </button>
      <div class="menu" role="menu" aria-label=${this.label} popover="auto" @keydown=${this.onKeyDown} @toggle=${this.onToggle}>
        ${this.isOpen ? this.items().map((item, index) => this.renderItem(item, index)) : nothing}
      </div>`;
  }

  private renderItem(item: MenuItem, index: number): TemplateResult {
    const isSwitch = item.checked !== undefined;
    return html`<button
      type="button"
      class="menu-item"
      role=${isSwitch ? "menuitemcheckbox" : "menuitem"}
      aria-checked=${isSwitch ? (item.checked ? "true" : "false") : nothing}
      tabindex=${index === 0 ? 0 : -1}
      @click=${() => {
        if (!isSwitch) this.close();
        item.run();
      }}
    >
      <span class="menu-check">${item.checked ? icon("check") : nothing}</span>
      <span>${item.label}</span>
      ${item.detail === undefined ? nothing : html`<span class="muted xs">${item.detail}</span>`}
    </button>`;
  }

  /** Below the button, right edges aligned, and inside the window. */
  private place(): void {
    const anchor = this.button.getBoundingClientRect();
    const { width, height } = this.popup.getBoundingClientRect();
    const left = Math.max(4, Math.min(anchor.right - width, window.innerWidth - width - 4));
    const below = anchor.bottom + 2;
    const top = below + height <= window.innerHeight ? below : Math.max(4, anchor.top - height - 2);
    this.popup.style.setProperty("left", `${left}px`);
    this.popup.style.setProperty("top", `${top}px`);
  }

  private close(): void {
    this.popup.hidePopover();
    this.button.focus();
  }

  private readonly onToggle = (event: Event): void => {
    // Light dismissal closes the popover without asking us.
    if ((event as ToggleEvent).newState === "closed") this.isOpen = false;
  };

  private get menuItems(): HTMLElement[] {
    return [...this.popup.querySelectorAll<HTMLElement>(".menu-item")];
  }

  private focusItem(index: number): void {
    const items = this.menuItems;
    items[(index + items.length) % items.length]?.focus();
  }

  private readonly onKeyDown = (event: KeyboardEvent): void => {
    const items = this.menuItems;
    const index = items.findIndex((item) => item === document.activeElement);
    if (event.key === "ArrowDown") this.focusItem(index + 1);
    else if (event.key === "ArrowUp") this.focusItem(index - 1);
    else if (event.key === "Home") this.focusItem(0);
    else if (event.key === "End") this.focusItem(items.length - 1);
    else if (event.key === "Escape" || event.key === "Tab") this.close();
    else if (event.key.length === 1 && event.key !== " ") this.focusLetter(event.key, index);
    else return;
    if (event.key !== "Tab") event.preventDefault();
    event.stopPropagation();
  };

  private focusLetter(letter: string, from: number): void {
    const items = this.menuItems;
    const order = [...items.slice(from + 1), ...items.slice(0, from + 1)];
    order.find((item) => item.textContent?.trim().toLowerCase().startsWith(letter.toLowerCase()))?.focus();
  }
}
