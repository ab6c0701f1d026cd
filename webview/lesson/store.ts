import type { LessonProgress, SectionProgress } from "../../src/core/lesson/progress";
import type { SectionId } from "../../src/core/lesson/sections";
import { type LessonPicture, lessonProtocol, type LessonSubject, type LessonTensor } from "../../src/protocol/lesson";
import { announce } from "../ui/announcer";
import { setLocale } from "../ui/format";
import { type HostConnection, toDiagnostic } from "../ui/hostConnection";
import { setStrings } from "../ui/l10n";
import type { VsCodeApi } from "../ui/vscodeApi";

/** Everything the lesson page knows. Elements read it, ask it for changes, and are told when anything changed. */
export class LessonStore {
  subject: LessonSubject | undefined;
  /** Why there is no subject, or no page. */
  failure: string | undefined;
  sections: LessonPicture["sections"] = [];
  progress: LessonProgress = { sections: {}, quizzes: {} };
  isReady = false;
  /** Counts what figures are about: one more with each change of checkpoint, tensor or content. */
  revision = 0;
  /** A section to scroll to; the page takes it. */
  wanted: SectionId | undefined;
  private readonly listeners = new Set<() => void>();

  constructor(
    readonly host: HostConnection,
    private readonly api: VsCodeApi,
  ) {
    host.on(lessonProtocol.changed, (picture) => this.update(() => this.take(picture)));
    host.on(lessonProtocol.progress, (progress) => this.update(() => (this.progress = progress)));
    host.on(lessonProtocol.openSection, ({ section }) => this.update(() => (this.wanted = section)));
  }

  /** The tensor that figures are about. */
  get tensor(): LessonTensor | undefined {
    return this.subject?.tensor;
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async initialize(): Promise<void> {
    try {
      const picture = await this.host.ask(lessonProtocol.initialize);
      this.update(() => this.take(picture));
    } catch (error) {
      this.update(() => (this.failure = toDiagnostic(error).message));
    }
  }

  markSection(section: SectionId, state: SectionProgress | null): void {
    this.ask(this.host.request(lessonProtocol.markSection, { section, state }));
  }

  /** Scrolls to a section. */
  goTo(section: SectionId): void {
    this.update(() => (this.wanted = section));
  }

  /** Asks the host for something that has no answer to show. */
  ask(work: Promise<unknown>): void {
    work.catch((error: unknown) => announce(toDiagnostic(error).message));
  }

  private take(picture: LessonPicture): void {
    setLocale(picture.locale);
    setStrings(picture.strings);
    document.documentElement.lang = Object.keys(picture.strings).length > 0 ? picture.locale : "en";
    this.isReady = true;
    this.revision += 1;
    this.sections = picture.sections;
    this.progress = picture.progress;
    this.wanted = picture.start ?? this.wanted;
    const { subject } = picture;
    this.subject = "diagnostic" in subject ? undefined : subject;
    this.failure = "diagnostic" in subject ? subject.diagnostic.message : undefined;
    if (this.subject) this.api.setState({ uri: this.subject.uri, tensor: this.subject.tensor?.name });
  }

  private update(change: () => void): void {
    change();
    for (const listener of this.listeners) listener();
  }
}
