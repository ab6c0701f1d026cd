import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeCheckbox,
  vsCodeDropdown,
  vsCodeOption,
  vsCodeTextField,
} from "@vscode/webview-ui-toolkit";
import { html, nothing, type TemplateResult } from "lit";
import { ifDefined } from "lit/directives/if-defined.js";
import { live } from "lit/directives/live.js";
import { ref } from "lit/directives/ref.js";
import { icon, type IconName } from "./icons";

/*
 * The only place that knows @vscode/webview-ui-toolkit, which is deprecated: another library of leaf controls is a change
 * of this file. It has to be part of the first script, because the toolkit takes the theme over when the page has loaded.
 */
provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeCheckbox(), vsCodeDropdown(), vsCodeOption(), vsCodeTextField());

/** Whether an element is a text field, whose value a handler may read. */
interface WithValue extends Element {
  value: string;
}

function valueOf(event: Event): string {
  return (event.currentTarget as WithValue).value;
}

export interface ButtonOptions {
  label: string;
  icon?: IconName;
  primary?: boolean;
  /** Looks and is announced as disabled, but keeps the focus, which a scan's end would otherwise take away. */
  disabled?: boolean;
  className?: string;
  onClick(event: Event): void;
}

/**
 * A push button with a word on it. Its appearance is set as an attribute, by which it looks right at once, and as a property: the toolkit
 * does not see the attribute change, and would write the one it was made with over it with the next frame.
 */
export function button(options: ButtonOptions): TemplateResult {
  const appearance = options.primary ? "primary" : "secondary";
  return html`<vscode-button
    class=${options.className ?? ""}
    appearance=${appearance}
    .appearance=${appearance}
    aria-disabled=${options.disabled ? "true" : nothing}
    ${ref((element) => forwardDisabled(element, options.disabled ?? false))}
    @click=${(event: Event) => options.onClick(event)}
    >${options.icon === undefined ? nothing : icon(options.icon, "start")}${options.label}</vscode-button
  >`;
}

/** The toolkit hands this attribute on to the button inside only for some of its controls. */
function forwardDisabled(host: Element | undefined, disabled: boolean): void {
  // When a button is drawn for the first time, its inside is made after this.
  queueMicrotask(() => host?.shadowRoot?.querySelector(".control")?.setAttribute("aria-disabled", String(disabled)));
}

export interface DropdownOptions {
  /** For assistive technology; a visible label stands beside the control. */
  label: string;
  value: string;
  options: readonly { value: string; label: string; disabled?: boolean }[];
  className?: string;
  onChange(value: string): void;
}

/** A list of which one is chosen. */
export function dropdown(options: DropdownOptions): TemplateResult {
  return html`<vscode-dropdown
    class=${options.className ?? ""}
    aria-label=${options.label}
    .value=${live(options.value)}
    @change=${(event: Event) => options.onChange(valueOf(event))}
  >
    ${options.options.map(
      (option) =>
        html`<vscode-option value=${option.value} ?selected=${option.value === options.value} ?disabled=${option.disabled ?? false}
          >${option.label}</vscode-option
        >`,
    )}
  </vscode-dropdown>`;
}

/** Names a text field. The toolkit calls every field "Text field" when it enters the document, so this comes after. */
function named(label: string): ReturnType<typeof ref> {
  return ref((element) => element && queueMicrotask(() => element.setAttribute("aria-label", label)));
}

export interface TextFieldOptions {
  label: string;
  value: string;
  placeholder?: string;
  icon?: IconName;
  className?: string;
  /** Every key stroke. */
  onInput?(value: string): void;
  onKeyDown?(event: KeyboardEvent, value: string): void;
}

/** A line of text. */
export function textField(options: TextFieldOptions): TemplateResult {
  return html`<vscode-text-field
    class=${options.className ?? ""}
    ${named(options.label)}
    placeholder=${ifDefined(options.placeholder)}
    .value=${live(options.value)}
    @input=${(event: Event) => options.onInput?.(valueOf(event))}
    @keydown=${(event: KeyboardEvent) => options.onKeyDown?.(event, valueOf(event))}
    >${options.icon === undefined ? nothing : icon(options.icon, "start")}</vscode-text-field
  >`;
}

export interface CheckboxOptions {
  label: string;
  checked: boolean;
  onChange(checked: boolean): void;
}

/**
 * A box with a word beside it. The toolkit also tells of a change when the box is set from here: that is none of the user's, and
 * passing it on would have whoever answers late switch to and fro. The listener has to be there before the box is set.
 */
export function checkbox(options: CheckboxOptions): TemplateResult {
  const onChange = (event: Event): void => {
    const { checked } = event.currentTarget as Element & { checked: boolean };
    if (checked !== options.checked) options.onChange(checked);
  };
  return html`<vscode-checkbox @change=${onChange} .checked=${live(options.checked)}>${options.label}</vscode-checkbox>`;
}
