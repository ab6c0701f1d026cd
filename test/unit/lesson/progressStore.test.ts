import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";
import { LessonProgressStore } from "../../../src/extension/lesson/lessonProgressStore";

describe("stored progress of the lesson", () => {
  it("keeps changes that come faster than they are stored", async () => {
    let value: unknown;
    // As VS Code's: a value is there at once, and again when it has been stored, even if there is a newer one.
    const memento = {
      keys: () => [],
      get: <T>() => value as T,
      update: async (_key: string, next: unknown) => {
        value = next;
        await setTimeout(5);
        value = next;
      },
      setKeysForSync: () => undefined,
    };
    const store = new LessonProgressStore(memento);
    const done = (id: string) => store.update((progress) => ({ ...progress, sections: { ...progress.sections, [id]: "done" } }));
    const first = done("why");
    await setTimeout(2);
    const second = done("mechanics");
    await first;
    await Promise.all([second, done("numberLine")]);
    assert.deepEqual(Object.keys(store.current.sections), ["why", "mechanics", "numberLine"]);
  });
});
