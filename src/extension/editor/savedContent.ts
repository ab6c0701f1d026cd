import { invalid } from "./pageSession";
import { optionalText, text } from "./params";

/** Characters of what a page may have copied or saved. */
export const copiedCharacters = 50_000_000;

/** What a page made to be saved: text, or a `data:` URL of a picture. Where it goes is the user's choice in a dialog. */
export function savedContent(params: Record<string, unknown>): { name: string; content: Uint8Array } {
  const name = text(params, "name", 255).replace(/[/\\:*?"<>|\0-\x1f]/g, "_");
  const plain = optionalText(params, "text", copiedCharacters);
  if (plain !== undefined) return { name, content: new TextEncoder().encode(plain) };
  const url = text(params, "dataUrl", copiedCharacters);
  const match = /^data:[a-z+/-]+(;charset=[\w-]+)?(;base64)?,/i.exec(url);
  if (!match) return invalid("dataUrl must be a data: URL");
  const body = url.slice(match[0].length);
  return { name, content: match[2] ? Uint8Array.from(Buffer.from(body, "base64")) : new TextEncoder().encode(decodeURIComponent(body)) };
}
