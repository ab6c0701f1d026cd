import type { Command } from "./command";
import { passedUri, readableEditor } from "./target";

/**
 * *Estimate Size*: of the given file or folder, of the active checkpoint, or of what is typed. Callers may pass a line
 * to start with in place of a URI.
 */
export const estimateSize: Command = {
  id: "quantscope.estimateSize",
  async run(services, argument) {
    const { EstimatePicker } = (await import("../later")).later;
    const picker = new EstimatePicker(services, (choice) => services.estimatorPanels.show(choice));
    try {
      if (typeof argument === "string") await picker.show(argument, undefined);
      else await picker.show("", passedUri(argument) ?? readableEditor(services));
    } finally {
      picker.dispose();
    }
  },
};
