import assert from "node:assert/strict";
import type { ZipEntry } from "../../../src/core/formats/zip/zip";
import { isZip, openZip } from "../../../src/core/formats/zip/zip";
import { entryBytes, readEntry } from "../../../src/core/formats/zip/zipContent";
import { MemoryFile } from "../../../src/io/memoryFile";
import { openSource } from "../../../src/jobs/tasks/byteSource";
import { refusalOf } from "../../support/openBytes";
import { patternBytes } from "../../support/safetensorsWriter";
import { writeZip, type ZipContent } from "../../support/zipWriter";

const files: ZipContent[] = [
  { name: "archive/data.pkl", bytes: patternBytes(40), padding: 38 },
  { name: "archive/data/0", bytes: patternBytes(3000), padding: 64 },
  { name: "archive/ünï", bytes: patternBytes(100_000), deflate: true },
  { name: "empty", bytes: new Uint8Array(0) },
  { name: "empty too", bytes: new Uint8Array(0), deflate: true },
];

/** All bytes of an entry, as jobs read them. */
function unpack(file: MemoryFile, entry: ZipEntry, start = 0, count = entry.bytes - start): Uint8Array {
  const { ref, offset } = entryBytes(file, entry);
  const source = openSource(ref);
  const bytes = new Uint8Array(count);
  source.read(offset + start, bytes);
  source.close();
  return bytes;
}

describe("zip archives", () => {
  for (const [what, options] of [
    ["plain", {}],
    ["ZIP64", { zip64: true }],
    ["with a comment", { comment: "PK\x05\x06 is no end" }],
  ] as const) {
    it(`${what}: names, sizes and bytes, stored and deflated`, async () => {
      const bytes = writeZip(files, options);
      assert.ok(isZip(bytes));
      const file = MemoryFile.from("a.zip", bytes);
      const entries = await openZip(file);
      assert.deepEqual(
        entries.map(({ name, method, bytes: size, encrypted }) => [name, method, size, encrypted]),
        files.map(({ name, deflate, bytes: content }) => [name, deflate ? 8 : 0, content.length, false]),
      );
      for (const [index, entry] of entries.entries()) {
        const content = files[index]!.bytes;
        assert.deepEqual(unpack(file, entry), content);
        assert.deepEqual(await readEntry(file, entry, content.length), content);
        assert.deepEqual(await readEntry(file, entry, 10), content.subarray(0, 10));
      }
    });
  }

  it("unpacks any range, forwards and backwards", async () => {
    const content = patternBytes(300_000).map((byte, index) => (index % 70_000 < 35_000 ? 0 : byte));
    const file = MemoryFile.from("a.zip", writeZip([{ name: "x", bytes: content, deflate: true }]));
    const [entry] = await openZip(file);
    const source = openSource(entryBytes(file, entry!).ref);
    for (const [start, count] of [
      [100, 50],
      [299_990, 10],
      [5, 1],
      [150_000, 100_000],
      [149_000, 2000],
      [0, 300_000],
    ] as const) {
      const part = new Uint8Array(count);
      source.read(start, part);
      assert.deepEqual(part, content.subarray(start, start + count), `${start} +${count}`);
    }
    assert.throws(() => source.read(299_999, new Uint8Array(2)), { code: "io.truncated" });
    source.close();
  });

  it("leaves out folders, and shows what it does not unpack", async () => {
    const file = MemoryFile.from(
      "a.zip",
      writeZip([
        { name: "folder/", bytes: new Uint8Array(0) },
        { name: "secret", bytes: patternBytes(9), directory: { flags: 1 } },
        { name: "lzma", bytes: patternBytes(9), directory: { method: 14 } },
        { name: "../up", bytes: patternBytes(9) },
      ]),
    );
    const entries = await openZip(file);
    assert.deepEqual(entries.map(({ name, method, encrypted }) => [name, method, encrypted]), [["secret", 0, true], ["lzma", 14, false], ["../up", 0, false]]); // prettier-ignore
    for (const entry of entries.slice(0, 2)) assert.equal((await refusalOf(readEntry(file, entry, 9))).code, "zip.packed");
  });

  const broken: [what: string, bytes: Uint8Array, code: string][] = [
    ["no directory", writeZip(files).subarray(0, 3000), "zip.no-directory"],
    ["nothing but a signature", writeZip([]).subarray(0, 4), "zip.no-directory"],
    ["an offset beyond the end", writeZip([{ name: "a", bytes: patternBytes(9), directory: { offset: 9999 } }]), "zip.bad-entry"],
    ["an offset at something else", writeZip([{ name: "a", bytes: patternBytes(60), directory: { offset: 35 } }]), "zip.bad-entry"],
    ["more bytes than there are", writeZip([{ name: "a", bytes: patternBytes(9), directory: { bytes: 2 ** 31, compressedBytes: 2 ** 31 } }]), "zip.bad-entry"], // prettier-ignore
    ["two sizes of stored bytes", writeZip([{ name: "a", bytes: patternBytes(9), directory: { bytes: 10 } }]), "zip.bad-entry"],
    [
      "more than deflate can pack",
      writeZip([{ name: "a", bytes: patternBytes(9), deflate: true, directory: { bytes: 2 ** 31 } }]),
      "zip.bad-entry",
    ],
  ];
  for (const [what, bytes, code] of broken) {
    it(`refuses ${what}`, async () => {
      assert.equal((await refusalOf(openZip(MemoryFile.from("a.zip", bytes)))).code, code);
    });
  }

  it("says that a deflate stream is damaged or too short", async () => {
    const noise = patternBytes(500);
    const packed = (directory: ZipContent["directory"]) => writeZip([{ name: "a", bytes: noise, directory: { method: 8, ...directory } }]);
    const short = writeZip([{ name: "a", bytes: noise, deflate: true, directory: { bytes: 501 } }]);
    for (const bytes of [packed({}), packed({ bytes: 5000 }), short]) {
      const file = MemoryFile.from("a.zip", bytes);
      const [entry] = await openZip(file);
      assert.equal((await refusalOf(readEntry(file, entry!, 5000))).code, "zip.bad-deflate");
      assert.throws(() => unpack(file, entry!), { code: "zip.bad-deflate" });
    }
  });
});
