import assert from "node:assert/strict";
import type { ScanState } from "../../../src/protocol/editor";
import { scanAnnouncement, scanShare, scanText } from "../../../webview/editor/tensors/scanText";

const running = (doneBytes: number, elapsedMs: number) =>
  ({ kind: "running", doneBytes, totalBytes: 1000, tensors: 3, elapsedMs }) as const;

function text(scan: ScanState, tensors: number, scanned: number, matching?: number, decodable = tensors): string {
  return scanText(scan, { tensors, decodable, scanned, matching });
}

describe("scan text", () => {
  it("says how much there is and how much is known", () => {
    assert.equal(text({ kind: "none" }, 39, 0, undefined), "39 tensors, not scanned");
    assert.equal(text({ kind: "none" }, 39, 12, undefined), "39 tensors, 12 scanned");
    assert.equal(text({ kind: "done", tensors: 39, elapsedMs: 1 }, 39, 39, undefined), "39 tensors, all scanned");
    assert.equal(text({ kind: "cancelled", tensors: 5 }, 39, 5, undefined), "39 tensors, scan cancelled, 5 kept");
    assert.equal(text({ kind: "failed", message: "disk full" }, 1, 0, undefined), "1 tensor, scan failed: disk full");
    assert.equal(text({ kind: "none" }, 39, 39, 4), "4 of 39 tensors, all scanned");
    assert.equal(text({ kind: "none" }, 22, 10, undefined, 10), "22 tensors, 10 scanned, 12 not decodable");
    assert.equal(text({ kind: "none" }, 0, 0), "0 tensors");
  });

  it("names what is being done after a moment, and the time left after two seconds", () => {
    assert.equal(text(running(0, 100), 39, 0, undefined), "39 tensors");
    assert.equal(text(running(250, 1000), 39, 3, undefined), "39 tensors, scanning: 3 done, 250 B of 1.00 kB");
    assert.equal(text(running(250, 4000), 39, 3, undefined), "39 tensors, scanning: 3 done, 250 B of 1.00 kB, 12 s left");
  });

  it("is announced at the quarters and at the end", () => {
    assert.equal(scanAnnouncement({ kind: "none" }, running(0, 0)), "Scan 0 %");
    assert.equal(scanAnnouncement(running(0, 0), running(200, 1)), undefined);
    assert.equal(scanAnnouncement(running(200, 0), running(510, 1)), "Scan 50 %");
    assert.equal(scanAnnouncement(running(990, 0), { kind: "done", tensors: 39, elapsedMs: 3100 }), "Scan done: 39 tensors in 3 s.");
    assert.equal(scanAnnouncement({ kind: "none" }, { kind: "done", tensors: 39, elapsedMs: 0 }), undefined);
    assert.equal(scanShare(running(500, 0)), 0.5);
    assert.equal(scanShare({ kind: "none" }), undefined);
  });
});
