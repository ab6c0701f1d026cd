/** Something that can be let go of. Has the shape of `vscode.Disposable`. */
export interface Disposable {
  dispose(): void;
}

/** Subscribes a listener. Has the shape of `vscode.Event`, so that it can be handed to the editor's API. */
export type Event<T> = (listener: (value: T) => unknown) => Disposable;

/**
 * `vscode.EventEmitter` for the parts of the extension that do not import `vscode` and are therefore tested without it.
 * A listener that throws does not keep the others from hearing.
 */
export class Emitter<T> implements Disposable {
  private readonly listeners = new Set<(value: T) => unknown>();

  readonly event: Event<T> = (listener) => {
    // Wrapped, so that the same function subscribed twice is called twice and removed one at a time.
    const entry = (value: T) => listener(value);
    this.listeners.add(entry);
    return { dispose: () => void this.listeners.delete(entry) };
  };

  fire(value: T): void {
    const failures: unknown[] = [];
    for (const listener of [...this.listeners]) {
      try {
        listener(value);
      } catch (failure) {
        failures.push(failure);
      }
    }
    if (failures.length > 0) throw failures[0];
  }

  dispose(): void {
    this.listeners.clear();
  }
}

/** Owns what was registered with it, and lets go of all of it in reverse order. */
export class DisposableStore implements Disposable {
  private readonly owned: Disposable[] = [];
  private disposed = false;

  get isDisposed(): boolean {
    return this.disposed;
  }

  add<T extends Disposable>(disposable: T): T {
    if (this.disposed) disposable.dispose();
    else this.owned.push(disposable);
    return disposable;
  }

  /** Lets go of what is owned now. What is added later is owned again. */
  clear(): void {
    for (const disposable of this.owned.splice(0).reverse()) disposable.dispose();
  }

  dispose(): void {
    this.disposed = true;
    this.clear();
  }
}
