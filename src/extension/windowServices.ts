import type { CalibrationPanel } from "./calibration/calibrationPanel";
import type { PagePanels } from "./editor/pagePanels";
import type { ErrorsPanel } from "./errors/errorsPanel";
import type { EstimatorPanels } from "./estimate/estimatorPanels";
import type { GptqPanel } from "./gptq/gptqPanel";
import type { LessonPanels } from "./lesson/lessonPanels";
import type { PerplexityPanel } from "./perplexity/perplexityPanel";
import type { PlaygroundPanel } from "./playground/playgroundPanel";
import type { Services } from "./services";
import type { CheckpointsView } from "./views/checkpointsView";

/** What commands have: the services, and the views and pages of this window. */
export interface WindowServices extends Services {
  readonly checkpoints: CheckpointsView;
  readonly errorsPanels: PagePanels<ErrorsPanel>;
  readonly calibrationPanels: PagePanels<CalibrationPanel>;
  readonly perplexityPanels: PagePanels<PerplexityPanel>;
  readonly gptqPanels: PagePanels<GptqPanel>;
  readonly playgroundPanels: PagePanels<PlaygroundPanel>;
  readonly estimatorPanels: EstimatorPanels;
  readonly lessonPanels: LessonPanels;
}
