import { SubscribedElement } from "../ui/subscribedElement";
import type { PlaygroundStore } from "./store";

/** An element of the Playground. */
export class PlaygroundElement extends SubscribedElement<PlaygroundStore> {}
