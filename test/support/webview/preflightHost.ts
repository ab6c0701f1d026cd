import type { PageHost } from "../../../src/extension/editor/pageSession";
import { PreflightSession } from "../../../src/extension/quantize/preflightSession";
import type { PreflightPicture } from "../../../src/protocol/preflight";
import { LivePageHost } from "./livePageHost";

/** The real session behind a pre-flight page; decisions and the clipboard are noted. */
export class PreflightPageHost extends LivePageHost<PreflightSession> {
  readonly decisions: boolean[] = [];
  readonly copied: string[] = [];

  constructor(private readonly picture: PreflightPicture) {
    super();
  }

  protected override connect(page: PageHost): PreflightSession {
    return new PreflightSession({
      ...page,
      picture: () => this.picture,
      decide: (write) => void this.decisions.push(write),
      markdown: () => "the plan",
      copy: (text) => Promise.resolve(void this.copied.push(text)),
    });
  }
}
