import assert from "node:assert/strict";
import { FormatError, type Diagnostic } from "../../src/core/errors";
import type { Folder } from "../../src/core/file";
import { openCheckpoint } from "../../src/core/formats/open";
import { limits } from "../../src/core/limits";
import { unavailability } from "../../src/core/tensor/availability";
import type { Checkpoint } from "../../src/core/tensor/checkpoint";
import { findDType, storedBytes } from "../../src/core/tensor/dtype";
import { modelPart } from "../../src/core/tensor/modelPart";
import { buildModuleTree } from "../../src/core/tensor/moduleTree";
import { countValues, valueDType } from "../../src/core/tensor/tensorInfo";
import { BoundedFolder } from "./boundedFolder";

/**
 * Opens what may be anything. It either is a checkpoint on whose index everything else can rely, or a FormatError that
 * can be shown. Returns which.
 */
export async function openAnything(folder: Folder, name?: string): Promise<"opened" | "refused"> {
  let checkpoint: Checkpoint;
  try {
    checkpoint = await openCheckpoint(folder, name);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    checkFinding(error.toDiagnostic());
    return "refused";
  }
  await checkIndex(checkpoint);
  if (folder instanceof BoundedFolder) checkViews(checkpoint, folder);
  await checkpoint.close();
  return "opened";
}

/** Bytes of a tensor that are read at its start and at its end. */
const viewedBytes = 65_536;

/** What was found where, what was expected, and what to do: complete, and short enough to be shown. */
function checkFinding(finding: Diagnostic): void {
  const text = JSON.stringify(finding);
  assert.match(finding.code, /^[a-z][a-z0-9]*\.[a-z0-9-]+$/);
  for (const part of [finding.message, finding.expected, finding.hint]) assert.ok(part && part.length < 1000, text);
  assert.ok(finding.found === undefined || finding.found.length < 1000, text);
  assert.ok(finding.offset === undefined || (Number.isSafeInteger(finding.offset) && finding.offset >= 0), text);
}

/** Values that are read through views are there, or the error can be shown: compressed bytes are only known when they are unpacked. */
function checkViews(checkpoint: Checkpoint, folder: BoundedFolder): void {
  for (const tensor of checkpoint.tensors.slice(0, 20)) {
    const dtype = findDType(valueDType(tensor));
    if (!tensor.source || !dtype || unavailability(checkpoint, tensor) !== undefined) continue;
    const bytes = storedBytes(dtype, tensor.shape)!;
    const { ref, offset } = tensor.source;
    const part = new Uint8Array(Math.min(bytes, viewedBytes));
    try {
      const source = folder.source(ref);
      source.read(offset, part);
      source.read(offset + bytes - part.length, part);
      source.close();
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      checkFinding(error.toDiagnostic());
    }
  }
}

async function checkIndex(checkpoint: Checkpoint): Promise<void> {
  assert.ok(checkpoint.warnings.length <= limits.diagnostics + 1);
  checkpoint.warnings.filter(({ code }) => code !== "diagnostics.more").forEach(checkFinding);
  const names = new Set<string>();
  for (const tensor of checkpoint.tensors) {
    assert.ok(!names.has(tensor.name), "names are unique");
    names.add(tensor.name);
    const file = checkpoint.files[tensor.file];
    assert.ok(file);
    for (const number of [tensor.offset, tensor.bytes, countValues(tensor.shape), ...tensor.shape]) {
      assert.ok(Number.isSafeInteger(number) && number >= 0, `${number}`);
    }
    const dtype = findDType(tensor.dtype);
    if (dtype && !tensor.source) assert.equal(tensor.bytes, storedBytes(dtype, tensor.shape));
    for (const extent of tensor.extents ?? [tensor]) {
      if (unavailability(checkpoint, tensor) !== undefined || extent.bytes === 0) continue;
      await file.file!.read(extent.offset, new Uint8Array(1));
      await file.file!.read(extent.offset + extent.bytes - 1, new Uint8Array(1));
    }
    modelPart(tensor.name);
  }
  buildModuleTree(checkpoint.tensors.map(({ name, bytes }) => ({ name, bytes, parameters: bytes })));
  for (const entry of checkpoint.metadata.slice(0, 30)) {
    if (!entry.read) assert.notEqual(entry.value, undefined);
    else {
      assert.ok((await entry.read(0, 3)).length <= 3);
      const last = Math.max(0, entry.length! - 2);
      assert.equal((await entry.read(last, 9)).length, entry.length! - last);
    }
  }
}
