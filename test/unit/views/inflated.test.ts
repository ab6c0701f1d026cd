import assert from "node:assert/strict";
import { crc32, deflateRawSync } from "node:zlib";
import type { FormatError } from "../../../src/core/errors";
import type { ByteSource, OpenSource } from "../../../src/core/views/byteSource";
import { openView } from "../../../src/core/views/registry";
import { sample } from "../../support/distributions";

describe("inflated views", () => {
  const values = new Uint8Array(sample("normal", 300_000).buffer);
  const packed = deflateRawSync(values);
  const ref = {
    kind: "inflated",
    source: { kind: "path", path: "x" },
    offset: 0,
    compressedBytes: packed.length,
    size: values.length,
  } as const;
  let bytesRead = 0;
  let stamp: string | undefined;
  const open: OpenSource = (): ByteSource => ({
    ...(stamp === undefined ? {} : { stamp }),
    read(offset, target) {
      bytesRead += target.length;
      target.set(packed.subarray(offset, offset + target.length));
    },
    close: () => undefined,
  });

  /** Reads a part as a task of its own does. */
  function read(start: number, count: number): void {
    const view = openView(ref, open);
    const part = new Uint8Array(count);
    view.read(start, part);
    view.close();
    assert.ok(Buffer.from(part.buffer).equals(values.subarray(start, start + count)), `${start} +${count}`);
  }

  beforeEach(() => (bytesRead = 0));

  it("are unpacked once by pieces that follow each other", () => {
    stamp = "a";
    const step = 100_001;
    for (let start = 0; start < values.length; start += step) read(start, Math.min(step, values.length - start));
    assert.equal(bytesRead, packed.length);
  });

  it("begin again for what lies before, and for bytes of another stamp or none", () => {
    stamp = "b";
    read(1_000_000, 10);
    const forwards = bytesRead;
    read(1_000_000 + 10, 10);
    assert.ok(bytesRead <= forwards + 16_384);
    read(0, 10);
    assert.ok(bytesRead > forwards);
    bytesRead = 0;
    stamp = "c";
    read(1_000_020, 10);
    assert.equal(bytesRead, forwards, "another file");
    stamp = undefined;
    for (let i = 0; i < 2; i++) read(1_000_020, 10);
    assert.equal(bytesRead, 3 * forwards, "bytes that may change unseen");
  });

  it("are held against their checksum when all of them is unpacked, in however many pieces", () => {
    stamp = "e";
    const crc = crc32(values);
    const readTo = (sum: number, end: number, step: number): void => {
      for (let start = 0; start < end; start += step) {
        const view = openView({ ...ref, crc: sum }, open);
        const part = new Uint8Array(Math.min(step, end - start));
        view.read(start, part);
        view.close();
        assert.ok(Buffer.from(part.buffer).equals(values.subarray(start, start + part.length)));
      }
    };
    for (const step of [values.length, 100_001]) {
      readTo(crc, values.length, step);
      // The last block has the last bytes; what comes before is read without a look at it.
      readTo(crc ^ 1, values.length - 100_001, step);
      assert.throws(
        () => readTo(crc ^ 1, values.length, step),
        ({ code, fields }: FormatError) => code === "zip.bad-checksum" && fields.found === `CRC-32 ${crc.toString(16).padStart(8, "0")}`,
      );
    }
    // A stream that goes on behind what the archive says it becomes.
    const size = values.length - 9;
    const view = openView({ ...ref, size, crc: crc32(values.subarray(0, size)) }, open);
    view.read(0, new Uint8Array(size));
    assert.throws(() => view.read(size - 1, new Uint8Array(2)), { code: "io.truncated" });
  });

  it("fail again when they are read again behind a wrong checksum", () => {
    const view = openView({ ...ref, crc: 1 }, open);
    for (let i = 0; i < 2; i++) assert.throws(() => view.read(values.length - 1, new Uint8Array(1)), { code: "zip.bad-checksum" });
  });

  it("are not read on behind a failure", () => {
    stamp = "d";
    const broken = openView({ ...ref, compressedBytes: 20_000 }, open);
    assert.throws(
      () => broken.read(0, new Uint8Array(values.length)),
      ({ code, fields }: FormatError) => code === "zip.bad-deflate" && fields.file === "x",
    );
    broken.close();
    read(0, 10);
    read(values.length - 10, 10);
    assert.equal(bytesRead, 20_000 + packed.length);
  });
});
