import { SubscribedElement } from "../ui/subscribedElement";
import type { CalibrationStore } from "./store";

/** An element of the Calibration page. */
export class CalibrationElement extends SubscribedElement<CalibrationStore> {}
