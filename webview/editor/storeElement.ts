import { SubscribedElement } from "../ui/subscribedElement";
import type { EditorStore } from "./store";

/** An element of the editor's page. */
export class StoreElement extends SubscribedElement<EditorStore> {}
