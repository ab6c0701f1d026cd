import { SubscribedElement } from "../ui/subscribedElement";
import type { EstimateStore } from "./store";

/** An element of the Size Estimator. */
export class EstimateElement extends SubscribedElement<EstimateStore> {}
