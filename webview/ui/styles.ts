import { Directive, directive, type ElementPart, PartType, type PartInfo } from "lit/directive.js";

/** Style properties by their CSS names; undefined removes one. */
export type StyleValues = Readonly<Record<string, string | undefined>>;

class StylesDirective extends Directive {
  private applied: StyleValues = {};

  constructor(part: PartInfo) {
    super(part);
    if (part.type !== PartType.ELEMENT) throw new Error("styles() belongs on an element");
  }

  render(_values: StyleValues): undefined {
    return undefined;
  }

  override update(part: ElementPart, [values]: [StyleValues]): undefined {
    if (!(part.element instanceof HTMLElement || part.element instanceof SVGElement)) return;
    const { style } = part.element;
    for (const name of Object.keys(this.applied)) if (values[name] === undefined) style.removeProperty(name);
    for (const [name, value] of Object.entries(values)) {
      if (value !== undefined && this.applied[name] !== value) style.setProperty(name, value);
    }
    this.applied = values;
  }
}

/**
 * Sets style properties of an element: `<div ${styles({ width: "10px" })}>`. Lit's own `styleMap` writes a `style`
 * attribute when it renders first, which the page's content security policy refuses; this goes through the CSSOM.
 */
export const styles = directive(StylesDirective);
