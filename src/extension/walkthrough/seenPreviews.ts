import { parseAffine } from "../../core/quant/affine";
import type { WalkthroughStep } from "../identifiers";

/** A figure of the Histogram tab. */
interface Preview {
  readonly tensor: number;
  readonly scheme: string;
}

/**
 * Tells by the figures that one page was given what its user has done: an editor opens with a figure by itself, so that one does
 * not count before the user asks for it, or for another.
 */
export class SeenPreviews {
  private last: Preview | undefined;
  private wanted: { readonly scheme: string | undefined } | undefined;

  constructor(private readonly did: (step: WalkthroughStep) => void) {}

  /** The page was given this figure. */
  shown(preview: Preview): void {
    const { last } = this;
    this.last = preview;
    if (last && last.tensor !== preview.tensor) this.did("histogram");
    else if (last && last.scheme !== preview.scheme) this.did("quantize");
    if (parseAffine(preview.scheme)?.chooseRange) this.did("range");
    this.answer();
  }

  /** The user asked for the figure, by a button outside the page. @param scheme absent for whichever the page shows */
  asked(scheme?: string): void {
    this.wanted = { scheme };
    this.answer();
  }

  /** What is asked for may be what the page shows already. */
  private answer(): void {
    const { wanted, last } = this;
    if (!wanted || !last) return;
    if (wanted.scheme === undefined) this.did("histogram");
    else if (wanted.scheme === last.scheme) this.did("quantize");
    else return;
    this.wanted = undefined;
  }
}
