import assert from "node:assert/strict";
import { usableBytes } from "../../../src/core/estimate/devices";
import { numberLine } from "../../../src/core/lesson/numberLine";
import { noProgress, parseProgress, withoutSteps, withSection, withStep } from "../../../src/core/lesson/progress";
import { atStep, parseStepProgress, stepIds } from "../../../src/core/lesson/steps";
import { deviceFits, modelSizes } from "../../../src/extension/lesson/figures/modelSizes";
import { LessonProgressStore } from "../../../src/extension/lesson/lessonProgressStore";
import { readStepState } from "../../../webview/lesson/steps/stepState";

describe("lesson: steps of the walkthrough", () => {
  it("are done once they were gone on from, in their order, wherever the reader jumps", () => {
    assert.equal(stepIds.length, 6);
    const first = atStep(undefined, "problem");
    assert.deepEqual(first, { at: "problem", done: [] });
    const jumped = atStep(atStep(first, "scale", "range"), "problem", undefined);
    assert.deepEqual(atStep(jumped, "range", "problem"), { at: "range", done: ["problem", "range"] });
  });

  it("reads what it wrote, and drops anything else", () => {
    const steps = { at: "rounding", done: ["problem", "range"] } as const;
    assert.deepEqual(parseStepProgress(JSON.parse(JSON.stringify(steps))), steps);
    assert.deepEqual(parseProgress({ sections: { why: "done" }, steps }).steps, steps);
    for (const stored of [undefined, null, 3, "scale", [], {}, { at: "end", done: [] }, { done: ["range"] }])
      assert.equal(parseStepProgress(stored), undefined);
    assert.deepEqual(parseStepProgress({ at: "scale", done: ["range", "range", "__proto__", 4, "problem"] }), {
      at: "scale",
      done: ["problem", "range"],
    });
    assert.deepEqual(parseStepProgress({ at: "scale", done: "range" }), { at: "scale", done: [] });
    assert.ok(!("steps" in parseProgress({ steps: { at: 1 } })));
  });

  it("begin anew without touching the sections, and are forgotten with all progress", async () => {
    const done = withStep(withSection(noProgress, "why", "done"), "format", "granularity");
    assert.deepEqual(withoutSteps(done), { ...noProgress, sections: { why: "done" } });
    const stored = new Map<string, unknown>();
    const memento: ConstructorParameters<typeof LessonProgressStore>[0] = {
      keys: () => [...stored.keys()],
      get: <T>(key: string) => stored.get(key) as T,
      update: (key: string, value: unknown) => Promise.resolve(void stored.set(key, JSON.parse(JSON.stringify(value)))),
      setKeysForSync: () => undefined,
    };
    const store = new LessonProgressStore(memento);
    const other = new LessonProgressStore(memento);
    await store.update((progress) => withStep(progress, "scale", "range"));
    assert.deepEqual(other.current.steps, { at: "scale", done: ["range"] });
    await other.reset();
    assert.equal(store.current.steps, undefined);
  });

  it("keeps of a page's state what is a choice, and takes the usual for the rest", () => {
    const usual = { parameters: 7e9, device: "rtx-3060", bits: 4, symmetric: false };
    for (const state of [undefined, null, 7, {}, { choices: 3 }, { choices: { bits: 9, parameters: 1, device: 4, symmetric: "yes" } }])
      assert.deepEqual(readStepState(state).choices, usual);
    const choices = { parameters: 7e10, device: "h100", bits: 3, symmetric: true };
    assert.deepEqual(readStepState({ step: "scale", choices }), { step: "scale", choices });
  });
});

describe("lesson: what a model takes and what holds it", () => {
  it("lets weights into the devices whose room they do not exceed", () => {
    for (const parameters of [1e8, 7e9, 70e9, 1e12]) {
      const sizes = modelSizes(parameters);
      const devices = deviceFits(parameters);
      assert.ok(devices.every(({ usableGib }, i) => i === 0 || usableGib >= devices[i - 1]!.usableGib));
      for (const { gib, usableGib, types } of devices) {
        const room = usableGib * 2 ** 30;
        assert.ok(room <= gib * 2 ** 30);
        for (const { type, bytes } of sizes) assert.equal(types.includes(type), bytes <= room, `${type} in ${usableGib} GiB`);
      }
    }
    const rtx = deviceFits(7e9).find(({ id }) => id === "rtx-3060")!;
    assert.equal(rtx.usableGib * 2 ** 30, usableBytes({ gib: 12, usable: 0.95 }));
    // 70 billion weights of 4 bits are 32.6 GiB: nothing with 16 GB holds them.
    assert.ok(deviceFits(70e9).every(({ gib, types }) => gib > 16 || !types.includes("INT4")));
  });
});

describe("lesson: what theory expects of rounding", () => {
  it("is the RMSE of values that lie evenly between two levels", () => {
    const line = numberLine(-1, 1, 4, true);
    const samples = 10_000;
    let sum = 0;
    for (let i = 0; i < samples; i++) sum += (((i + 0.5) / samples - 0.5) * line.scale) ** 2;
    assert.ok(Math.abs(Math.sqrt(sum / samples) / line.evenRmse - 1) < 1e-6);
  });
});
