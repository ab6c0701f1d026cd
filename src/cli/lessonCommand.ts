import { readFileSync } from "node:fs";
import path from "node:path";
import { FormatError } from "../core/errors";
import { requirementFaults, requirements } from "../core/lesson/requirements/registry";
import type { Requirement } from "../core/lesson/requirements/requirement";
import { workedNumbers } from "../core/lesson/requirements/workedNumbers";
import { print, printJson } from "./output";
import type { CommandOptions } from "./session";
import { formatTable } from "./table";

/**
 * `lesson --check`: everything that the lesson has, with what serves it, and its worked numbers, computed. For those who change the
 * lesson.
 *
 * @throws FormatError `lesson.unserved` when something is served by what the built pages do not have, or a number comes out otherwise
 */
export async function lesson({ json }: CommandOptions): Promise<void> {
  const scripts = new Map(
    [...new Set(requirements.map(({ servedBy }) => servedBy.page))].map((page) => [
      page,
      readFileSync(path.join(__dirname, "webview", `${page}.js`), "utf8"),
    ]),
  );
  const numbers = workedNumbers();
  const faults = [
    // Custom elements are named in quotes where they are defined.
    ...requirementFaults(requirements, (page, component) => scripts.get(page)!.includes(`"${component}"`)),
    ...numbers.flatMap(({ what, computed, expected }) => (computed === expected ? [] : [`${what}: ${computed} instead of ${expected}`])),
  ];
  if (faults.length > 0) {
    throw new FormatError("lesson.unserved", `${faults.length} requirements of the lesson are not served`, { found: faults.join("; ") });
  }
  if (json) return printJson({ requirements, numbers, ok: true });
  const table = formatTable(
    ["requirement", "kind", "page", "section", "served by", "what"].map((heading) => ({ heading })),
    requirements.map(({ id, kind, servedBy, what }) => [
      id,
      kind,
      servedBy.page,
      servedBy.section ?? servedBy.step ?? "",
      servedIn(servedBy),
      what,
    ]),
  );
  const worked = formatTable(
    [{ heading: "number" }, { heading: "computed", numeric: true }, { heading: "expected", numeric: true }],
    numbers.map(({ what, computed, expected }) => [what, computed, expected]),
  );
  await print(
    `${table}\n\n${worked}\n\n${requirements.length} requirements, each with what serves it; ${numbers.length} numbers, each as expected`,
  );
}

function servedIn({ component, selector, text, after }: Requirement["servedBy"]): string {
  return [component, selector, text && `“${text}”`, after && `after ${after}`].filter(Boolean).join(" · ");
}
