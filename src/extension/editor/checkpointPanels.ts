import * as vscode from "vscode";
import type { CalibrationPanel } from "../calibration/calibrationPanel";
import type { ErrorsPanel } from "../errors/errorsPanel";
import { calibrationPanelType, errorsPanelType, gptqPanelType, perplexityPanelType, playgroundPanelType } from "../identifiers";
import type { GptqPanel } from "../gptq/gptqPanel";
import type { PerplexityPanel } from "../perplexity/perplexityPanel";
import type { PlaygroundPanel } from "../playground/playgroundPanel";
import type { Services } from "../services";
import { selectedTensor } from "./lastCheckpoint";
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

/** The Perplexity pages of this window. */
export function perplexityPanelsOf(services: Services): PagePanels<PerplexityPanel> {
  return new PagePanels({
    viewType: perplexityPanelType,
    title: (name) => vscode.l10n.t("Perplexity: {0}", name),
    make: async (panel, uri, state) => {
      const { PerplexityPanel } = (await import("../later")).later;
      return new PerplexityPanel(panel, uri, await services.documents.share(uri), services, state);
    },
  });
}

/** The playgrounds of this window. */
export function playgroundPanelsOf(services: Services, perplexityPanels: PagePanels<PerplexityPanel>): PagePanels<PlaygroundPanel> {
  return new PagePanels({
    viewType: playgroundPanelType,
    title: (name) => vscode.l10n.t("Playground: {0}", name),
    make: async (panel, uri, state) => {
      const start = { tensor: selectedTensor(services, uri) };
      const { PlaygroundPanel } = (await import("../later")).later;
      const choice = async () => (await perplexityPanels.find(uri))?.table?.choice;
      return new PlaygroundPanel(panel, uri, await services.documents.share(uri), services, state ?? start, choice);
    },
  });
}

/** The GPTQ pages of this window. */
export function gptqPanelsOf(services: Services): PagePanels<GptqPanel> {
  return new PagePanels({
    viewType: gptqPanelType,
    title: (name) => vscode.l10n.t("GPTQ: {0}", name),
    make: async (panel, uri, state) => {
      const { GptqPanel } = (await import("../later")).later;
      return new GptqPanel(panel, uri, await services.documents.share(uri), services, state);
    },
  });
}
