import { SubscribedElement } from "../ui/subscribedElement";
import type { GptqStore } from "./store";

/** An element of the GPTQ page. */
export class GptqElement extends SubscribedElement<GptqStore> {}
