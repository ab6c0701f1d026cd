import { limits } from "../../core/limits";
import { estimateProtocol, type EstimatePicture, type EstimateSource } from "../../protocol/estimate";
import { type PageHost, PageSession } from "../editor/pageSession";
import { oneOf } from "../editor/params";
import { copyWith, saveWith } from "../editor/savedContent";
import type { Estimator } from "./estimator";
import { passedEstimate } from "./estimatorChoice";

/** What the Size Estimator can ask of the window around it. */
export interface EstimatorPageHost extends PageHost {
  page(): { locale: string; strings: Record<string, string> };
  /** Lets the user choose a model. @throws CancelledError */
  choose(source: EstimateSource): Promise<void>;
  /** Saves the table of these types. @throws CancelledError */
  exportTable(types: readonly string[]): Promise<void>;
  /** Saves a picture. @throws CancelledError */
  save(name: string, content: Uint8Array): Promise<void>;
  markdown(types: readonly string[]): string;
  copy(text: string): Promise<void>;
}

const sources: readonly EstimateSource[] = ["size", "checkpoint", "config"];

/** One estimator page's conversation with what computes its answers. */
export class EstimatorSession extends PageSession {
  constructor(
    private readonly estimator: Estimator,
    private readonly host: EstimatorPageHost,
  ) {
    super(host);
    const p = estimateProtocol;
    this.answer(p.initialize, () => this.picture());
    this.answer(p.estimate, (params) => estimator.ask(passedEstimate(params.choice), params.typed === true));
    this.answer(p.choose, (params) => host.choose(oneOf(params, "source", sources)));
    this.answer(p.copyMarkdown, (params) => host.copy(host.markdown(types(params))));
    this.answer(p.export, (params) => host.exportTable(types(params)));
    this.answer(p.save, saveWith(host));
    this.answer(p.copy, copyWith(host));
    this.store.add(
      estimator.onDidChoose(() => {
        this.picture().then(
          (picture) => this.notify(() => this.connection.sendNotification(p.changed, picture)),
          (error: unknown) => host.reportFailure(error),
        );
      }),
    );
    this.connection.listen();
  }

  private async picture(): Promise<EstimatePicture> {
    const { choice, answer } = await this.estimator.ask(this.estimator.choice, false);
    return { choice, answer, ...this.estimator.choices(choice), ...this.host.page() };
  }
}

/** Types of the rows that are shown. */
function types({ types: asked }: Record<string, unknown>): string[] {
  return Array.isArray(asked) ? asked.filter((type: unknown): type is string => typeof type === "string").slice(0, limits.tensors) : [];
}
