import * as vscode from "vscode";
import type { CalibrationPanel } from "../calibration/calibrationPanel";
import type { ErrorsPanel } from "../errors/errorsPanel";
import { calibrationPanelType, errorsPanelType } from "../identifiers";
import type { Services } from "../services";
import { PagePanels } from "./pagePanels";

/** The Errors pages of this window. */
export function errorsPanelsOf(services: Services): PagePanels<ErrorsPanel> {
  return new PagePanels({
    viewType: errorsPanelType,
    title: (name) => vscode.l10n.t("Errors: {0}", name),
    make: async (panel, uri) => {
      const { ErrorsPanel } = (await import("../later")).later;
      return new ErrorsPanel(panel, uri, await services.documents.share(uri), services);
    },
  });
}

/** The Calibration pages of this window. */
export function calibrationPanelsOf(services: Services): PagePanels<CalibrationPanel> {
  return new PagePanels({
    viewType: calibrationPanelType,
    title: (name) => vscode.l10n.t("Calibration: {0}", name),
    make: async (panel, uri, state) => {
      const { CalibrationPanel } = (await import("../later")).later;
      return new CalibrationPanel(panel, uri, await services.documents.share(uri), services, state);
    },
  });
}
