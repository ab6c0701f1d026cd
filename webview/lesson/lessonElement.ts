import { SubscribedElement } from "../ui/subscribedElement";
import type { LessonStore } from "./store";

/** An element of the lesson. */
export class LessonElement extends SubscribedElement<LessonStore> {}
