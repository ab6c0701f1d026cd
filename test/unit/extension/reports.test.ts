import assert from "node:assert/strict";
import type { ErrorsReport } from "../../../src/jobs/contract";
import { NumberText } from "../../../src/extension/numberText";
import { csvReport } from "../../../src/extension/report/csvReport";
import { errorsCsv, errorsMarkdown } from "../../../src/extension/report/errorsReports";
import { markdownReport } from "../../../src/extension/report/markdownReport";
import type { CheckpointSnapshot, TensorRow } from "../../../src/protocol/editor";
import { fakeErrors, fakeStats } from "./fakeDocument";

function row(name: string): TensorRow {
  return { name, dtype: "F32", shape: [4, 8], parameters: 32, bytes: 128, file: 0, offset: 64, part: "other", decodable: true };
}

function snapshot(...names: string[]): CheckpointSnapshot {
  return {
    name: "a|b.safetensors",
    formatLabel: "safetensors",
    parameters: 32 * names.length,
    bytes: 128 * names.length,
    bitsPerWeight: 32,
    dtypes: [],
    composition: [],
    files: [{ name: "a|b.safetensors", bytes: 1000, readable: true }],
    tensors: names.map(row),
    metadataCount: 0,
    warnings: [{ severity: "warning", code: "x", message: "A hole in `w`.", hint: "Download again." }],
  };
}

/** Fields of one line of CSV, quotes removed. */
function fields(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map((match) => match[1]?.replaceAll('""', '"') ?? match[2] ?? "");
}

describe("reports", () => {
  it("CSV: one line a tensor, figures at full precision, empty where nothing was measured", () => {
    const third = { ...fakeStats("w"), mean: 1 / 3 };
    const lines = csvReport({ snapshot: snapshot("w", "v"), find: (index) => (index === 0 ? third : undefined) }).split("\r\n");
    const header = fields(lines[0]!);
    const first = fields(lines[1]!);
    const second = fields(lines[2]!);
    assert.equal(lines.length, 4);
    assert.equal(Number(first[header.indexOf("mean")]), 1 / 3);
    assert.equal(first[header.indexOf("shape")], "4x8");
    assert.equal(first[header.indexOf("p50")], "0");
    assert.equal(second.length, header.length);
    assert.equal(second[header.indexOf("mean")], "");
  });

  it("CSV: names with separators stay one field, and names like formulas stay text", () => {
    const names = ['a,"b"', "line\nbreak", '=HYPERLINK("http://example.com")', "-1", "@x"];
    const text = csvReport({ snapshot: snapshot(...names), find: () => undefined });
    const found = fields(text.split("\r\n")[1]!)[0];
    assert.equal(found, 'a,"b"');
    assert.ok(text.includes('"line\nbreak"'));
    for (const start of ["'=HYPERLINK", "'-1,", "'@x,"]) assert.ok(text.includes(start), start);
  });

  it("CSV: negative numbers are numbers", () => {
    const [header, line] = csvReport({ snapshot: snapshot("w"), find: () => fakeStats("w") })
      .split("\r\n")
      .map(fields);
    assert.equal(line?.[header!.indexOf("min")], "-1");
  });

  it("Markdown: a table whose cells cannot break out of it", () => {
    const columns = { name: "N", type: "T", shape: "S", weights: "W", bytes: "B", min: "-", max: "+", mean: "M", std: "D", kurtosis: "K" };
    const text = markdownReport({ snapshot: snapshot("a|b\n# c"), find: () => undefined }, new NumberText("en"), {
      facts: "F",
      tensors: "Tensors",
      columns,
      notFinite: { nan: "NaN", inf: "Inf" },
    });
    assert.ok(!text.includes("NaN"), "no column for what no tensor has");
    const line = text.split("\n").find((candidate) => candidate.startsWith("| a"));
    assert.ok(line?.startsWith("| a\\|b \\# c | F32 | 4 × 8 | 32 | 128 | – |"), line);
    assert.ok(text.startsWith("# a\\|b.safetensors"));
    assert.ok(text.includes("* warning: A hole in \\`w\\`. Download again."));
  });

  it("Markdown: says how many values are not finite, where any is", () => {
    const columns = { name: "N", type: "T", shape: "S", weights: "W", bytes: "B", min: "-", max: "+", mean: "M", std: "D", kurtosis: "K" };
    const find = () => ({ ...fakeStats("w"), nan: 1234, inf: 2 });
    const text = markdownReport({ snapshot: snapshot("w"), find }, new NumberText("en"), {
      ...{ facts: "F", tensors: "Tensors", columns },
      notFinite: { nan: "NaN", inf: "Inf" },
    });
    const lines = text.split("\n").filter((line) => line.startsWith("|"));
    assert.ok(lines[0]?.endsWith("| K | NaN | Inf |"), lines[0]);
    assert.ok(lines[2]?.endsWith("| 1,234 | 2 |"), lines[2]);
    assert.deepEqual(new Set(lines.map((line) => line.split("|").length)).size, 1);
  });

  const errors: Pick<ErrorsReport, "tensors" | "total"> = {
    tensors: [
      { name: "a|b", shape: [4, 8], types: { Q4_K: fakeErrors(1 / 3), Q8_0: fakeErrors(0.25, { fallback: "f16", sqnrDb: null }) } },
      { name: "=c", shape: [8], types: { Q4_K: fakeErrors(0.5, { weightedRelativeRmse: 0.125 }) } },
    ],
    total: { Q4_K: fakeErrors(0.75) },
  };

  it("errors as CSV: a line for each tensor and type, the total last, empty where there is no figure", () => {
    const [header, ...lines] = errorsCsv(errors).trimEnd().split("\r\n").map(fields);
    const at = (line: number, column: string): string | undefined => lines[line]?.[header!.indexOf(column)];
    assert.deepEqual(
      lines.map((line) => line.slice(0, 4)),
      [
        ["a|b", "4x8", "Q4_K", ""],
        ["a|b", "4x8", "Q8_0", "f16"],
        ["'=c", "8", "Q4_K", ""],
        ["total", "", "Q4_K", ""],
      ],
    );
    assert.equal(Number(at(0, "relativeRmse")), 1 / 3);
    assert.equal(at(1, "sqnrDb"), "");
    assert.deepEqual([at(1, "weightedRelativeRmse"), at(2, "weightedRelativeRmse")], ["", "0.125"]);
    assert.ok(lines.every((line) => line.length === header!.length));
  });

  it("errors as Markdown: a table whose cells cannot break out of it, with what stored a tensor", () => {
    const lines = errorsMarkdown(errors).trimEnd().split("\n");
    assert.ok(lines[0]?.startsWith("| name | type | mae | rmse |"), lines[0]);
    assert.equal(lines.length, 6);
    assert.ok(lines[2]?.startsWith("| a\\|b | Q4_K |"), lines[2]);
    assert.ok(lines[3]?.startsWith("| a\\|b | Q8_0 → f16 |"), lines[3]);
    assert.ok(lines[5]?.startsWith("| total | Q4_K |"), lines[5]);
  });
});
