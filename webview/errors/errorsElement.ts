import { SubscribedElement } from "../ui/subscribedElement";
import type { ErrorsStore } from "./store";

/** An element of the Errors page. */
export class ErrorsElement extends SubscribedElement<ErrorsStore> {}
