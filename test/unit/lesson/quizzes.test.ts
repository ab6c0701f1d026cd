import assert from "node:assert/strict";
import { shownDigits } from "../../../src/core/lesson/quiz/problem";
import { isQuizId, makeProblem, type QuizId, quizIds, quizzesOf } from "../../../src/core/lesson/quiz/quizzes";
import { scoreOf, withAnswer, withQuizAnswer } from "../../../src/core/lesson/quiz/results";
import { noProgress } from "../../../src/core/lesson/progress";
import { quizTexts } from "../../../webview/lesson/quiz/quizTexts";

const valueOf = (id: QuizId, seed: number, option: string): number => makeProblem(id, seed).options.find((o) => o.id === option)!.value!;

describe("quick checks", () => {
  it("are the eight of the errata and at least eight more, in every section with something to learn", () => {
    assert.ok(quizIds.length >= 16);
    const sections = ["why", "mechanics", "numberLine", "distribution", "impact", "beyond", "calibration", "further", "takeaways"] as const;
    for (const section of sections) assert.ok(quizzesOf([section]).length > 0, section);
    assert.deepEqual(quizzesOf(sections), quizIds);
    assert.equal(isQuizId("quantize"), true);
    for (const other of ["toString", "", 3, undefined]) assert.equal(isQuizId(other), false);
  });

  for (const id of quizIds) {
    it(`${id}: one right answer, all answers different and explained, for 1000 seeds`, () => {
      const text = quizTexts[id];
      const orders = new Set<string>();
      for (let seed = 0; seed < 1000; seed++) {
        const { options, given } = makeProblem(id, seed);
        orders.add(options.map((option) => option.id).join());
        assert.deepEqual(options.map((option) => option.id).sort(), Object.keys(text.options).sort());
        assert.equal(options.filter((option) => option.id === "right").length, 1);
        const shown = options.map((option) => option.value?.toPrecision(shownDigits) ?? text.options[option.id]!.text!());
        assert.equal(new Set(shown).size, options.length, `seed ${seed}: ${shown.join()}`);
        const words = [text.question(given.map(String)), ...options.map((option) => text.options[option.id]!.why(given.map(String)))];
        for (const word of words) assert.doesNotMatch(word, /\{\d\}|undefined|NaN|^$/);
      }
      assert.ok(orders.size > 12, "the order depends on the seed");
      assert.deepEqual(makeProblem(id, 5), makeProblem(id, 5));
    });
  }

  it("have the worked numbers", () => {
    assert.deepEqual(makeProblem("quantize", 0).given, [0.05, 100, 5.1]);
    assert.equal(valueOf("quantize", 0, "right"), 202);
    assert.deepEqual(makeProblem("dequantize", 0).given, [5.6 / 255, 114, 137]);
    assert.equal(valueOf("dequantize", 0, "right").toFixed(6), "0.505098");
    assert.equal(valueOf("levels", 0, "right"), 16);
    assert.equal(valueOf("modelSize", 0, "right"), 3.5);
    assert.equal(valueOf("modelSize", 0, "gibibytes"), 3.26);
    assert.equal(valueOf("bitsPerWeight", 0, "right"), 4.5);
    assert.equal(valueOf("largestError", 0, "right"), 0.025);
    assert.deepEqual(makeProblem("seventyBillion", 0).given, [32.6]);
  });

  it("draw other numbers for other seeds, whose answers follow from the numbers that are shown", () => {
    const drawn = new Set<string>();
    for (let seed = 1; seed < 200; seed++) {
      const { given } = makeProblem("quantize", seed);
      const [scale, zeroPoint, x] = given as [number, number, number];
      drawn.add(given.join());
      assert.equal(valueOf("quantize", seed, "right"), Math.round(Number((x / scale).toFixed(6))) + zeroPoint, given.join());
      const [step, zero, code] = makeProblem("dequantize", seed).given as [number, number, number];
      assert.equal(valueOf("dequantize", seed, "right"), step * (code - zero));
    }
    assert.ok(drawn.size > 150);
  });

  it("say that 70 billion weights fit into 16 GB in none of the formats", () => {
    const { right } = quizTexts.seventyBillion.options;
    assert.equal(right!.text!(), "In none of them");
    assert.match(right!.why(["32.6"]), /32\.6 GiB plus the KV cache/);
  });
});

describe("results of quick checks", () => {
  it("count answers until the right one", () => {
    const wrong = withAnswer(undefined, false);
    assert.deepEqual(wrong, { isRight: false, tries: 1 });
    const right = withAnswer(wrong, true);
    assert.deepEqual(right, { isRight: true, tries: 2 });
    assert.equal(withAnswer(right, false), right);
    assert.equal(withAnswer(right, true), right);
  });

  it("are scored by check, first tries apart, without those that are no longer there", () => {
    const answers: [QuizId, boolean][] = [
      ["quantize", true],
      ["levels", false],
      ["levels", true],
      ["dynamic", false],
    ];
    const progress = answers.reduce((now, [id, isRight]) => withQuizAnswer(now, id, isRight), noProgress);
    assert.deepEqual(scoreOf({ ...progress.quizzes, gone: { isRight: true, tries: 1 } }, quizIds), {
      right: 2,
      atFirst: 1,
      of: quizIds.length,
    });
    assert.equal(withQuizAnswer(progress, "quantize", false), progress);
  });
});
