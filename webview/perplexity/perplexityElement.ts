import { SubscribedElement } from "../ui/subscribedElement";
import type { PerplexityStore } from "./store";

/** An element of the Perplexity page. */
export class PerplexityElement extends SubscribedElement<PerplexityStore> {}
