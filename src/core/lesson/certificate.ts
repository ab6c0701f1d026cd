/** Longest name that a certificate takes, in characters as readers count them. */
export const longestName = 60;

/** What stands on a certificate, in the reader's language. */
export interface CertificateTexts {
  /** Language of the texts, BCP 47. */
  locale: string;
  lead: string;
  name: string;
  statement: string;
  tiles: { label: string; value: string }[];
  note: string;
}

/** One line without control or direction characters, of at most `longestName` characters. */
export function certificateName(typed: string): string {
  const plain = typed
    .normalize("NFC")
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu, " ")
    .replace(/\s+/gu, " ")
    .trim();
  return Array.from(plain).slice(0, longestName).join("").trim();
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Pixels of the picture. */
export const certificateSize = { width: 960, height: 600 } as const;
const middle = certificateSize.width / 2;
/** Widest line of text. */
const measure = 760;

/** The font size with which a text is at most `measure` wide: letters are taken to be 0.6 em, and 1.05 em beyond Latin. */
function fitted(text: string, size: number): number {
  const ems = Array.from(text).reduce((sum, letter) => sum + (letter.codePointAt(0)! < 0x1100 ? 0.6 : 1.05), 0);
  return Math.min(size, Math.floor(measure / Math.max(1, ems)));
}

function line(text: string, y: number, size: number, style: { fill: string; weight?: number }, x: number = middle): string {
  const weight = style.weight === undefined ? "" : ` font-weight="${style.weight}"`;
  return `<text x="${x}" y="${y}" font-size="${fitted(text, size)}" fill="${style.fill}"${weight} text-anchor="middle">${escape(text)}</text>`;
}

/** It leaves the editor, so it has colours of its own. All pairs have a contrast of at least 4.5 to 1. */
const paper = "#ffffff";
const ink = "#1f2328";
const muted = "#57606a";
const accent = "#0b61a4";

/**
 * The certificate as a picture that needs nothing else: no fonts, images or scripts.
 *
 * @returns an SVG document of `certificateSize` pixels
 */
export function certificateSvg({ locale, lead, name, statement, tiles, note }: CertificateTexts): string {
  const { width, height } = certificateSize;
  const label = [lead, name, statement, ...tiles.map((tile) => `${tile.label}: ${tile.value}.`), note].join(" ");
  const step = measure / Math.max(1, tiles.length);
  const tileTexts = tiles.flatMap((tile, place) => {
    const x = middle - measure / 2 + (place + 0.5) * step;
    return [line(tile.value, 420, 26, { fill: ink, weight: 600 }, x), line(tile.label, 446, 14, { fill: muted }, x)];
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" xml:lang="${escape(locale)}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escape(label)}" font-family="'Segoe UI', system-ui, 'Helvetica Neue', Arial, sans-serif">
<rect width="${width}" height="${height}" fill="${paper}"/>
<rect x="24.5" y="24.5" width="${width - 49}" height="${height - 49}" rx="6" fill="none" stroke="${accent}"/>
<path d="M456 100h48M460 100v-6h6v-12h6v-16h6v16h6v12h6v6" fill="none" stroke="${accent}" stroke-width="2"/>
${[
  line("Quantscope", 132, 18, { fill: ink, weight: 600 }),
  line(lead, 196, 16, { fill: muted }),
  line(name, 256, 44, { fill: ink }),
  line(statement, 316, 18, { fill: ink }),
  ...tileTexts,
  line(note, 532, 14, { fill: muted }),
].join("\n")}
</svg>
`;
}
