import { openModel } from "../core/convert/openModel";
import { UsageError } from "../core/errors";
import { checkPlan } from "../core/recipe/checkPlan";
import { fileTypeOf, parseOverride } from "../core/recipe/overrides";
import { planGguf, type WritePlan } from "../core/recipe/preflight";
import { folderOf } from "../io/openPath";
import { formatBytes, formatNumber } from "./format";
import { print, printJson } from "./output";
import { type JobOptions, withCheckpoint, withEngine } from "./session";
import { formatTable } from "./table";

interface QuantizeOptions extends JobOptions {
  to: string;
  type: string;
  out: string;
  tensorType: string[];
  pure?: boolean;
  allowRequantize?: boolean;
  /** Bytes. */
  splitMaxSize?: number;
  dryRun?: boolean;
}

/** `quantize`: writes a checkpoint in other types, or says what would be written. */
export function quantize(path: string, options: QuantizeOptions): Promise<void> {
  return withCheckpoint(path, options, async (checkpoint) => {
    const { to, out, dryRun } = options;
    if (to.toLowerCase() !== "gguf") throw new UsageError("unknown-format", `"${to}" is no format to write`, { expected: "gguf" });
    const fileType = fileTypeOf(options.type);
    const overrides = options.tensorType.map(parseOverride);
    const model = await openModel(checkpoint, await folderOf(path));
    const plan = planGguf(model, out, { fileType, overrides, pure: options.pure, splitBytes: options.splitMaxSize });
    if (dryRun) return printPlan(plan, options, 0);
    checkPlan(plan, {
      fileType: fileType.name,
      hasImportance: () => false,
      allowRequantize: options.allowRequantize ?? false,
    });
    const report = await withEngine(options, (engine, context) => engine.quantize({ checkpoint, plan }, context));
    await printPlan(plan, options, report.elapsedMs);
  });
}

function printPlan(plan: WritePlan, { json, out, dryRun }: QuantizeOptions, elapsedMs: number): Promise<void> {
  const { bytes, bitsPerWeight } = plan;
  if (!json) return print(planText(plan, dryRun ? "would be written" : "written"));
  const files = plan.files.length > 1 ? { files: plan.files.map(({ name, layout }) => ({ path: name, bytes: layout.bytes })) } : {};
  const tensors = plan.tensors.map(({ name, from, type, bytes: size, reason, fallback }) => ({
    name,
    from,
    to: type,
    bytes: size,
    reason,
    ...(fallback ? { fallback } : {}),
  }));
  return printJson({ out, bytes, bitsPerWeight, ...files, tensors, elapsedMs });
}

function planText({ files, tensors, bytes, bitsPerWeight }: WritePlan, done: string): string {
  const columns = [{ heading: "tensor" }, { heading: "from" }, { heading: "to" }, { heading: "bytes", numeric: true }, { heading: "why" }];
  const rows = tensors.map(({ name, from, type, bytes: size, reason }) => [name, from, type, String(size), reason]);
  const replaced = tensors.flatMap(({ fallback }) => (fallback ? [fallback.extraBytes] : []));
  const extra = replaced.reduce((sum, more) => sum + more, 0);
  return [
    formatTable(columns, rows),
    ...(replaced.length > 0 ? [`${replaced.length} tensors fall back to other types: ${formatBytes(extra)} more`] : []),
    ...files.map(({ name, layout }) => `${name}: ${layout.bytes} bytes ${done}`),
    `${formatBytes(bytes)}, ${formatNumber(bitsPerWeight)} bits per weight`,
  ].join("\n");
}
