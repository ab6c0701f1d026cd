import { type PreflightPicture, preflightProtocol } from "../../protocol/preflight";
import { type PageHost, PageSession } from "../editor/pageSession";
import { copyWith } from "../editor/savedContent";

/** What the pre-flight page can ask of the window around it. */
export interface PreflightHost extends PageHost {
  picture(): PreflightPicture;
  decide(write: boolean): void;
  /** The whole plan, as a document. */
  markdown(): string;
  copy(text: string): Promise<void>;
}

/** One pre-flight page's conversation with the command that asks. */
export class PreflightSession extends PageSession {
  constructor(host: PreflightHost) {
    super(host);
    const p = preflightProtocol;
    this.answer(p.initialize, () => host.picture());
    this.answer(p.decide, (params) => host.decide(params["write"] === true && host.picture().refusal === undefined));
    this.answer(p.copyMarkdown, () => host.copy(host.markdown()));
    this.answer(p.copy, copyWith(host));
    this.connection.listen();
  }
}
