import type { LessonProgress, SectionProgress } from "../../src/core/lesson/progress";
import type { LessonPlace, SectionId } from "../../src/core/lesson/sections";
import type { StepId } from "../../src/core/lesson/steps";
import { type LessonPicture, lessonProtocol, type LessonSubject, type LessonTensor } from "../../src/protocol/lesson";
import { announce } from "../ui/announcer";
import { setLocale } from "../ui/format";
import { type HostConnection, toDiagnostic } from "../ui/hostConnection";
import { setStrings } from "../ui/l10n";
import type { VsCodeApi } from "../ui/vscodeApi";
import { readStepState, type StepChoices } from "./steps/stepState";

/** Everything the lesson page knows. Elements read it, ask it for changes, and are told when anything changed. */
export class LessonStore {
  subject: LessonSubject | undefined;
  /** Why there is no subject, or no page. */
  failure: string | undefined;
  sections: LessonPicture["sections"] = [];
  /** Of the walkthrough. */
  steps: LessonPicture["steps"] = [];
  progress: LessonProgress = { sections: {}, quizzes: {} };
  isReady = false;
  /** Counts what figures are about: one more with each change of checkpoint, tensor or content. */
  revision = 0;
  /** A section to scroll to; the page takes it. */
  wanted: SectionId | undefined;
  /** The step of the walkthrough that is shown; undefined while the page shows the lesson itself. */
  step: StepId | undefined;
  /** Counts moves of the reader's to a step: its heading has the focus after each. */
  moves = 0;
  /** What the reader chose in the walkthrough, for all its steps. */
  choices: StepChoices;
  /** The step that was shown when VS Code put the page away, until it is known which steps there are. */
  private keptStep: unknown;
  private readonly listeners = new Set<() => void>();

  constructor(
    readonly host: HostConnection,
    private readonly api: VsCodeApi,
  ) {
    const { step, choices } = readStepState(api.getState());
    this.keptStep = step;
    this.choices = choices;
    host.on(lessonProtocol.changed, (picture) => this.update(() => this.take(picture)));
    host.on(lessonProtocol.progress, (progress) => this.update(() => this.takeProgress(progress)));
    host.on(lessonProtocol.openPlace, ({ place }) => this.open(place));
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

  /** Shows the walkthrough where the reader left it. */
  openSteps(): void {
    this.showStep(this.progress.steps?.at ?? this.steps[0]!);
  }

  /** @param passed the step that was gone on from, which is done */
  showStep(step: StepId, passed?: StepId): void {
    this.update(() => {
      this.step = step;
      this.moves += 1;
    });
    this.keepStep(step, passed);
  }

  /** Back to the lesson, where it begins. @param passed the last step, if it is done: then the walkthrough begins anew */
  closeSteps(passed?: StepId): void {
    this.update(() => (this.step = undefined));
    if (passed) this.keepStep(this.steps[0]!, passed);
  }

  /** Begins the walkthrough again, with nothing done. */
  restartSteps(): void {
    this.ask(this.host.ask(lessonProtocol.restartSteps));
    this.update(() => {
      this.step = this.steps[0];
      this.moves += 1;
    });
  }

  choose(patch: Partial<StepChoices>): void {
    this.update(() => (this.choices = { ...this.choices, ...patch }));
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
    this.steps = picture.steps;
    this.step ??= picture.steps.find((id) => id === this.keptStep);
    this.keptStep = undefined;
    this.takeProgress(picture.progress);
    const { subject } = picture;
    this.subject = "diagnostic" in subject ? undefined : subject;
    this.failure = "diagnostic" in subject ? subject.diagnostic.message : undefined;
    if (picture.start) this.open(picture.start);
  }

  private open(place: LessonPlace): void {
    if (place === "steps") return this.openSteps();
    this.update(() => {
      this.step = undefined;
      this.wanted = place;
    });
  }

  /** Progress that knows of no walkthrough was reset, here or in another window. */
  private takeProgress(progress: LessonProgress): void {
    this.progress = progress;
    if (this.step && !progress.steps) this.step = this.steps[0];
  }

  private keepStep(step: StepId, passed: StepId | undefined): void {
    this.ask(this.host.request(lessonProtocol.showStep, { step, passed: passed ?? null }));
  }

  /** For when VS Code makes the page anew. */
  private saveState(): void {
    const { subject, step, choices } = this;
    if (subject) this.api.setState({ uri: subject.uri, tensor: subject.tensor?.name, ...(step ? { step } : {}), choices });
  }

  private update(change: () => void): void {
    change();
    this.saveState();
    for (const listener of this.listeners) listener();
  }
}
