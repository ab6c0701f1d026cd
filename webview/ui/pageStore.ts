import type { Diagnostic } from "../../src/core/errors";
import { announce } from "./announcer";
import { setLocale } from "./format";
import { type HostConnection, toDiagnostic } from "./hostConnection";
import { setStrings } from "./l10n";
import type { VsCodeApi } from "./vscodeApi";

/** What every first picture of a page says, whatever it shows. */
interface Picture {
  kind: "ready" | "failed";
  locale: string;
  strings: Record<string, string>;
}

/** Everything that a page beside the editor knows. Elements read it, ask it for changes, and are told when anything changed. */
export abstract class PageStore<P extends Picture, S> {
  failure: Diagnostic | undefined;
  isReady = false;
  private readonly listeners = new Set<() => void>();

  /** @param state what VS Code keeps with the page */
  constructor(
    readonly host: HostConnection,
    private readonly api: VsCodeApi,
    public state: S,
  ) {}

  /** @returns how to stop */
  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Waits for the first picture. */
  async initialize(): Promise<void> {
    try {
      const picture = await this.firstPicture();
      this.update(() => this.takePicture(picture));
    } catch (error) {
      this.update(() => (this.failure = toDiagnostic(error)));
    }
  }

  set(patch: Partial<S>): void {
    this.update(() => this.keep(patch));
  }

  /** Asks the host for something that has no answer to show. */
  ask(work: Promise<unknown>): void {
    work.catch((error: unknown) => announce(toDiagnostic(error).message));
  }

  protected abstract firstPicture(): Promise<P>;

  /** @param picture of a checkpoint that can be read */
  protected abstract takeReady(picture: Extract<P, { kind: "ready" }>): void;

  protected takePicture(picture: P): void {
    setLocale(picture.locale);
    setStrings(picture.strings);
    document.documentElement.lang = Object.keys(picture.strings).length > 0 ? picture.locale : "en";
    this.isReady = true;
    this.failure = isFailed(picture) ? picture.diagnostic : undefined;
    if (picture.kind === "ready") this.takeReady(picture as Extract<P, { kind: "ready" }>);
  }

  /** Changes what VS Code keeps. */
  protected keep(patch: Partial<S>): void {
    this.state = { ...this.state, ...patch };
    this.api.setState(this.state);
  }

  protected update(change: () => void): void {
    change();
    this.tell();
  }

  protected tell(): void {
    for (const listener of this.listeners) listener();
  }
}

function isFailed(picture: Picture): picture is Picture & { diagnostic: Diagnostic } {
  return picture.kind === "failed" && "diagnostic" in picture;
}
