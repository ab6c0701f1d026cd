import type { TemplateResult } from "lit";
import { type CalibratedInput, calibrationProtocol } from "../../src/protocol/calibration";
import { drawLines } from "../charts/linesView";
import { savePngButton } from "../ui/savePngButton";
import type { CalibrationStore } from "./store";

/**
 * Saves a chart of lines as a picture.
 *
 * @param id of the figure in the name of the file
 * @param input that the figure is about; all of the model when absent
 */
export function saveLinesButton(store: CalibrationStore, title: string, id: string, input?: CalibratedInput): TemplateResult {
  const subject = input?.name ?? store.name;
  return savePngButton(store, {
    name: `${subject}.calibration.${id}.png`,
    draw: drawLines(`${subject}: ${title}`),
    asTable: store.state.asTable,
    save: (file) => store.host.request(calibrationProtocol.save, file),
  });
}
