import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { quizIds } from "../../../src/core/lesson/quiz/quizzes";
import { requirementFaults, requirements } from "../../../src/core/lesson/requirements/registry";
import type { Requirement } from "../../../src/core/lesson/requirements/requirement";
import type { WorkedNumber } from "../../../src/core/lesson/requirements/workedNumbers";
import { sectionIds } from "../../../src/core/lesson/sections";
import { cliFile, cliJson, runCli } from "../../support/cli";
import { temporaryFolder } from "../../support/temporaryFolder";

describe("lesson --check", () => {
  const at = temporaryFolder();

  it("lists every requirement with what serves it, and the worked numbers as computed", async () => {
    const report = await cliJson<{ requirements: Requirement[]; numbers: WorkedNumber[]; ok: boolean }>("lesson", "--check");
    assert.deepEqual(report.requirements, requirements);
    assert.equal(report.ok, true);
    assert.deepEqual(
      new Set(report.requirements.map(({ kind }) => kind)),
      new Set(["concept", "control", "figure", "number", "quiz", "resource", "section", "table"]),
    );
    for (const section of sectionIds)
      assert.ok(
        report.requirements.some(({ servedBy }) => servedBy.section === section),
        section,
      );
    assert.deepEqual(
      report.requirements.flatMap(({ servedBy: { quiz } }) => quiz ?? []),
      quizIds,
    );
    const computed = Object.fromEntries(report.numbers.map((number) => [number.id, number.computed]));
    assert.deepEqual(computed, {
      ...{ scale: "0.0219608", zeroPoint: "114", codeLow: "0", codeValue: "137", codeHigh: "255", decoded: "0.505098" },
      ...{ quantize: "202", levels: "16" },
      ...{ "memory32.gb": "28.0", "memory16.gb": "14.0", "memory8.gb": "7.0", "memory4.gb": "3.5" },
      ...{ "memory32.gib": "26.08", "memory16.gib": "13.04", "memory8.gib": "6.52", "memory4.gib": "3.26" },
    });
  });

  it("says it in words too, and is not in the help", async () => {
    const { code, stdout } = await runCli(["lesson", "--check"]);
    assert.equal(code, 0);
    assert.match(stdout, /^why\.squares +figure +lesson +why +qs-lesson-why · svg/m);
    assert.match(stdout, /^Value of code 137 +0\.505098 +0\.505098$/m);
    assert.ok(
      stdout.trimEnd().endsWith(`${requirements.length} requirements, each with what serves it; 16 numbers, each as expected`),
      stdout.slice(-200),
    );
    assert.doesNotMatch((await runCli(["--help"])).stdout, /lesson/);
    assert.equal((await runCli(["lesson"])).code, 2);
  });

  it("fails when a page was built without what serves a requirement", () => {
    const dist = path.dirname(cliFile);
    mkdirSync(at("dist/webview"), { recursive: true });
    // The command line is more than one script.
    for (const name of readdirSync(dist)) if (name.endsWith(".js")) copyFileSync(path.join(dist, name), at(`dist/${name}`));
    for (const page of ["lesson", "playground", "estimate"]) {
      const script = readFileSync(path.join(dist, "webview", `${page}.js`), "utf8");
      writeFileSync(at(`dist/webview/${page}.js`), script.replaceAll('"qs-awq-figure"', '"qs-other"'));
    }
    const { status, stdout } = spawnSync(process.execPath, [at("dist/cli.js"), "lesson", "--check", "--json"], { encoding: "utf8" });
    const { error } = JSON.parse(stdout) as { error: { code: string; found: string } };
    assert.deepEqual([status, error.code], [2, "lesson.unserved"]);
    assert.match(error.found, /^beyond\.awqFigure: the page lesson has no qs-awq-figure; beyond\.awqError: /);
  });

  it("finds unknown sections and checks, names given twice, and sections that nobody asks for", () => {
    const whole = requirements[0]!;
    const changed = (change: object): Requirement => ({ ...whole, servedBy: { page: "lesson", selector: "p", ...change } }) as Requirement;
    const faultsOf = (...extra: Requirement[]) => requirementFaults([...requirements, ...extra], () => true);
    assert.deepEqual(faultsOf(), []);
    assert.deepEqual(faultsOf({ ...changed({ section: "nowhere" }), id: "a" }), ["a: no section nowhere"]);
    assert.deepEqual(faultsOf({ ...changed({ section: "why", quiz: "dynamic" }), id: "b" }), ["b: no quick check dynamic there"]);
    assert.deepEqual(faultsOf(whole), [`${whole.id}: there are two of this name`]);
    const withoutWhy = requirements.filter(({ servedBy }) => servedBy.section !== "why");
    assert.deepEqual(
      requirementFaults(withoutWhy, () => true),
      ["section why: nothing asks for it"],
    );
  });
});
