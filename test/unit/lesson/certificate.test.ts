import assert from "node:assert/strict";
import { certificateName, certificateSize, certificateSvg, longestName } from "../../../src/core/lesson/certificate";

const texts = (name: string) => ({
  locale: "en",
  lead: "This records that",
  name,
  statement: "answered 15 of 18 checks",
  tiles: [{ label: "Completed", value: "23 November 2026" }],
  note: "Nobody has verified it.",
});

describe("certificate", () => {
  it("is a picture of its own, with what it certifies", () => {
    const svg = certificateSvg(texts("Ada Lovelace"));
    assert.match(svg, new RegExp(`^<svg xmlns="http://www.w3.org/2000/svg"[^>]* width="${certificateSize.width}"`));
    for (const text of ["Ada Lovelace", "answered 15 of 18 checks", "23 November 2026", "Nobody has verified it."])
      assert.ok(svg.includes(`>${text}</text>`), text);
    assert.doesNotMatch(svg.replace("http://www.w3.org/2000/svg", ""), /var\(|http|<image|<script/);
  });

  it("escapes what is typed", () => {
    const svg = certificateSvg(texts(`</text><script>alert(1)</script>&"'`));
    assert.doesNotMatch(svg, /<script|alert\(1\)<\/script/);
    assert.ok(svg.includes("&#60;/text&#62;&#60;script&#62;alert(1)&#60;/script&#62;&#38;&#34;&#39;"));
  });

  it("takes a name of one line, without control and direction characters", () => {
    assert.equal(certificateName("  Ada\n\tLovelace\u0000 \u202e"), "Ada Lovelace");
    assert.equal(certificateName("Zoë"), "Zoë");
    assert.equal(Array.from(certificateName("𝒳".repeat(500))).length, longestName);
    assert.equal(certificateName("\ud800"), "");
  });

  it("makes long names smaller, so that they stay on the paper", () => {
    const size = (name: string) => Number(/font-size="(\d+)"[^>]*>(?=W)/.exec(certificateSvg(texts(name)))![1]);
    assert.equal(size("Wu"), 44);
    assert.ok(size("W".repeat(longestName)) * 0.6 * longestName <= 760);
  });
});
