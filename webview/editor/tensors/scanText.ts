import type { ScanState } from "../../../src/protocol/editor";
import { bytes, count, duration } from "../../ui/format";
import { t } from "../../ui/l10n";

/** Milliseconds after which it is said what is being done, and after which the time left is. */
const saidAfter = 400;
const timeAfter = 2000;

/** Share of the bytes that a running scan has read; undefined when none runs or it has just begun. */
export function scanShare(scan: ScanState): number | undefined {
  return scan.kind === "running" && scan.totalBytes > 0 ? Math.min(1, scan.doneBytes / scan.totalBytes) : undefined;
}

function timeLeft(scan: Extract<ScanState, { kind: "running" }>): string | undefined {
  if (scan.elapsedMs < timeAfter || scan.doneBytes <= 0) return undefined;
  const left = (scan.elapsedMs * (scan.totalBytes - scan.doneBytes)) / scan.doneBytes;
  return t("{0} left", duration(left));
}

/** How many tensors there are, can be read, were read, and are let through by the filter, if there is one. */
export interface TensorCounts {
  tensors: number;
  decodable: number;
  scanned: number;
  matching: number | undefined;
}

/** The line below the table: how many tensors there are, and how far their scan is. */
export function scanText(scan: ScanState, { tensors, decodable, scanned, matching }: TensorCounts): string {
  const parts = [
    matching === undefined
      ? tensors === 1
        ? t("1 tensor")
        : t("{0} tensors", count(tensors))
      : t("{0} of {1} tensors", count(matching), count(tensors)),
  ];
  if (scan.kind === "running") {
    if (scan.elapsedMs >= saidAfter || scan.doneBytes > 0) {
      parts.push(t("scanning: {0} done, {1} of {2}", count(scan.tensors), bytes(scan.doneBytes), bytes(scan.totalBytes)));
    }
    const left = timeLeft(scan);
    if (left !== undefined) parts.push(left);
  } else if (scan.kind === "cancelled") parts.push(t("scan cancelled, {0} kept", count(scanned)));
  else if (scan.kind === "failed") parts.push(t("scan failed: {0}", scan.message));
  else if (scanned > 0) parts.push(scanned === tensors ? t("all scanned") : t("{0} scanned", count(scanned)));
  else if (decodable > 0) parts.push(t("not scanned"));
  if (decodable < tensors) parts.push(t("{0} not decodable", count(tensors - decodable)));
  return parts.join(", ");
}

/** What a screen reader is told: the start, each quarter, and the end. Undefined when `before` and `after` lie in one. */
export function scanAnnouncement(before: ScanState, after: ScanState): string | undefined {
  if (after.kind === "running") {
    const quarter = Math.floor((scanShare(after) ?? 0) * 4);
    const last = before.kind === "running" ? Math.floor((scanShare(before) ?? 0) * 4) : -1;
    return quarter > last ? t("Scan {0} %", quarter * 25) : undefined;
  }
  if (before.kind !== "running") return undefined;
  if (after.kind === "done") return t("Scan done: {0} tensors in {1}.", count(after.tensors), duration(after.elapsedMs));
  if (after.kind === "cancelled") return t("Scan cancelled.");
  return after.kind === "failed" ? t("Scan failed: {0}", after.message) : undefined;
}
