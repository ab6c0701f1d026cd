import { loaderWarningText } from "../core/export/loaderWarnings";
import { reasonText } from "../core/recipe/reasons";
import type { PreparedWrite } from "../jobs/prepareWrite";
import type { CoarseBlocks } from "../jobs/tasks/quantizeTask";
import { formatBytes, formatNumber } from "./format";
import { print, printJson } from "./output";
import { formatTable } from "./table";

interface PrintOptions {
  json?: boolean;
  out: string;
  dryRun?: boolean;
}

/** What was or would be written, tensor by tensor. */
export function printPlan(
  prepared: PreparedWrite,
  options: PrintOptions,
  elapsedMs: number,
  coarse: readonly CoarseBlocks[] = [],
): Promise<void> {
  const notes = [...prepared.notes, ...(prepared.warnings ?? []).map(loaderWarningText), ...coarse.map(coarseText)];
  const noted = { ...prepared, notes };
  return options.json ? printJson(planDocument(noted, options, elapsedMs)) : print(planText(noted, options));
}

function coarseText({ tensor, type, blocks, first }: CoarseBlocks): string {
  const where = blocks === 1 ? `a block at index ${first}` : `${blocks} blocks, the first at index ${first}`;
  return `${tensor}: values too small for ${type} in ${where}; they are stored coarsely or as zeros`;
}

function planDocument({ plan, notes, ollama }: PreparedWrite, { out }: PrintOptions, elapsedMs: number) {
  const files = plan.files.map(({ name, layout }) => ({ path: name, bytes: layout.bytes }));
  return {
    out,
    bytes: plan.bytes,
    bitsPerWeight: plan.bitsPerWeight,
    ...(files.length > 1 ? { files } : {}),
    ...(ollama ? { modelfile: ollama.path, command: ollama.command } : {}),
    tensors: plan.tensors.map(({ name, from, type, bytes, reason, fallback }) => {
      return { name, from, to: type, bytes, reason: reasonText(reason), ...(fallback ? { fallback } : {}) };
    }),
    ...(notes.length > 0 ? { notes } : {}),
    elapsedMs,
  };
}

function planText({ plan, notes, ollama }: PreparedWrite, { dryRun }: PrintOptions): string {
  const { files, tensors, bytes, bitsPerWeight } = plan;
  const columns = [{ heading: "tensor" }, { heading: "from" }, { heading: "to" }, { heading: "bytes", numeric: true }, { heading: "why" }];
  const rows = tensors.map(({ name, from, type, bytes: size, reason }) => [name, from, type, String(size), reasonText(reason)]);
  const extra = tensors.flatMap(({ fallback }) => (fallback ? [fallback.extraBytes] : []));
  const added = extra.reduce((sum, more) => sum + more, 0);
  const done = dryRun ? "would be written" : "written";
  return [
    formatTable(columns, rows),
    ...(extra.length > 0 ? [`${extra.length} tensors fall back to other types, which takes ${formatBytes(added)} more`] : []),
    ...files.map(({ name, layout }) => `${name}: ${layout.bytes} bytes ${done}`),
    `${formatBytes(bytes)}, ${formatNumber(bitsPerWeight)} bits per weight`,
    ...notes,
    ...(ollama ? [`${ollama.path} ${done}: ${ollama.command}`] : []),
  ].join("\n");
}
