import assert from "node:assert/strict";
import { NewestRequest } from "../../../webview/ui/newestRequest";

/** Answers that the test gives, to requests that it can see. */
class Answers {
  readonly asked: { subject: string; token: number; signal: AbortSignal; answer(report: string): void; fail(error: Error): void }[] = [];

  readonly ask = (subject: string, token: number, signal: AbortSignal): Promise<string> =>
    new Promise((answer, fail) => {
      signal.addEventListener("abort", () => fail(new Error("withdrawn")));
      this.asked.push({ subject, token, signal, answer, fail });
    });
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("the newest request", () => {
  it("shows an answer that comes soon, and then asks for what was wanted last: nothing between is asked for", async () => {
    const answers = new Answers();
    const request = new NewestRequest(answers.ask, () => undefined);
    for (const subject of ["a", "b", "c"]) request.want(subject);
    assert.deepEqual(
      answers.asked.map(({ subject }) => subject),
      ["a"],
    );
    answers.asked[0]!.answer("of a");
    await settled();
    assert.deepEqual(request.shown, { subject: "a", report: "of a" });
    assert.deepEqual([request.isCurrent, request.waiting], [false, true]);
    assert.equal(answers.asked[1]!.subject, "c");
    answers.asked[1]!.answer("of c");
    await settled();
    assert.deepEqual(request.shown, { subject: "c", report: "of c" });
    assert.deepEqual([request.isCurrent, request.waiting, answers.asked.length], [true, false, 2]);
  });

  it("withdraws what takes long for a newer wish, whose answer alone counts", async () => {
    const answers = new Answers();
    const request = new NewestRequest(answers.ask, () => undefined);
    request.want("a");
    request.want("b");
    while (answers.asked.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    assert.equal(answers.asked[0]!.signal.aborted, true);
    assert.equal(answers.asked[1]!.subject, "b");
    answers.asked[0]!.answer("of a, too late");
    answers.asked[1]!.answer("of b");
    await settled();
    assert.deepEqual(request.shown, { subject: "b", report: "of b" });
    assert.equal(request.failure, undefined);
  });

  it("keeps what takes long while nothing else is wanted", async () => {
    const answers = new Answers();
    const request = new NewestRequest(answers.ask, () => undefined);
    request.want("a");
    await new Promise((resolve) => setTimeout(resolve, 80));
    assert.equal(answers.asked[0]!.signal.aborted, false);
    // Now it is late: the next wish takes its place at once.
    request.want("b");
    assert.equal(answers.asked[0]!.signal.aborted, true);
    assert.equal(answers.asked[1]!.subject, "b");
  });

  it("takes what follows the newest request, and nothing of an older one", async () => {
    const answers = new Answers();
    const request = new NewestRequest(answers.ask, () => undefined);
    request.want("a");
    answers.asked[0]!.answer("sampled a");
    await settled();
    request.take(answers.asked[0]!.token, "exact a");
    assert.deepEqual(request.shown, { subject: "a", report: "exact a" });
    request.want("b");
    request.take(answers.asked[0]!.token, "more of a");
    assert.deepEqual(request.shown, { subject: "a", report: "exact a" });
  });

  it("says what failed, until something succeeds", async () => {
    const answers = new Answers();
    const request = new NewestRequest(answers.ask, () => undefined);
    request.want("a");
    answers.asked[0]!.fail(new Error("no such type"));
    await settled();
    assert.deepEqual([request.failure?.message, request.waiting], ["no such type", false]);
    request.want("b");
    answers.asked[1]!.answer("of b");
    await settled();
    assert.equal(request.failure, undefined);
  });
});
