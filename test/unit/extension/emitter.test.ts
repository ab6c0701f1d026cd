import assert from "node:assert/strict";
import { DisposableStore, Emitter } from "../../../src/extension/emitter";

describe("Emitter", () => {
  it("calls every listener once per subscription, and not after it was disposed", () => {
    const emitter = new Emitter<number>();
    const heard: number[] = [];
    const listener = (value: number) => heard.push(value);
    const first = emitter.event(listener);
    emitter.event(listener);
    emitter.fire(1);
    first.dispose();
    emitter.fire(2);
    assert.deepEqual(heard, [1, 1, 2]);
  });

  it("reaches the other listeners when one throws, and then throws", () => {
    const emitter = new Emitter<string>();
    const heard: string[] = [];
    emitter.event(() => {
      throw new Error("first");
    });
    emitter.event((value) => heard.push(value));
    assert.throws(() => emitter.fire("a"), /first/);
    assert.deepEqual(heard, ["a"]);
  });

  it("lets a listener unsubscribe while it is called", () => {
    const emitter = new Emitter<number>();
    const heard: number[] = [];
    const subscription = emitter.event((value) => {
      heard.push(value);
      subscription.dispose();
    });
    emitter.fire(1);
    emitter.fire(2);
    assert.deepEqual(heard, [1]);
  });
});

describe("DisposableStore", () => {
  it("disposes in reverse order, once, and at once what comes too late", () => {
    const store = new DisposableStore();
    const order: string[] = [];
    const note = (name: string) => ({ dispose: () => void order.push(name) });
    store.add(note("a"));
    store.add(note("b"));
    store.dispose();
    store.dispose();
    store.add(note("c"));
    assert.deepEqual(order, ["b", "a", "c"]);
    assert.ok(store.isDisposed);
  });

  it("lets go of what it has when it is cleared, and owns what comes later", () => {
    const store = new DisposableStore();
    const order: string[] = [];
    const note = (name: string) => ({ dispose: () => void order.push(name) });
    store.add(note("a"));
    store.add(note("b"));
    store.clear();
    store.add(note("c"));
    assert.deepEqual(order, ["b", "a"]);
    assert.ok(!store.isDisposed);
    store.dispose();
    assert.deepEqual(order, ["b", "a", "c"]);
  });
});
