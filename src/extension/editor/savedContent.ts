import { invalid } from "./pageSession";
import { optionalText, text } from "./params";

/** Characters of what a page may have copied or saved. */
const copiedCharacters = 50_000_000;

/** Answers a page that wants a text on the clipboard. */
export function copyWith(host: { copy(text: string): Promise<void> }): (params: Record<string, unknown>) => Promise<void> {
  return (params) => host.copy(text(params, "text", copiedCharacters));
}

/** Answers a page that wants something saved. Where it goes is the user's choice in a dialog. */
export function saveWith<R>(host: { save(name: string, content: Uint8Array): R }): (params: Record<string, unknown>) => R {
  return (params) => {
    const { name, content } = savedContent(params);
    return host.save(name, content);
  };
}

/** What a page made to be saved: text, or a `data:` URL of a picture. */
function savedContent(params: Record<string, unknown>): { name: string; content: Uint8Array } {
  const name = text(params, "name", 255).replace(/[/\\:*?"<>|\0-\x1f]/g, "_");
  const plain = optionalText(params, "text", copiedCharacters);
  if (plain !== undefined) return { name, content: new TextEncoder().encode(plain) };
  const url = text(params, "dataUrl", copiedCharacters);
  const match = /^data:[a-z+/-]+(;charset=[\w-]+)?(;base64)?,/i.exec(url);
  if (!match) return invalid("dataUrl must be a data: URL");
  const body = url.slice(match[0].length);
  return { name, content: match[2] ? Uint8Array.from(Buffer.from(body, "base64")) : new TextEncoder().encode(decodeURIComponent(body)) };
}
