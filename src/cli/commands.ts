/** What the commands do: all that is loaded once it is known which is asked for. One file is read sooner than many small ones. */
import { calibrate } from "./calibrateCommand";
import { errors } from "./errorsCommand";
import { estimate } from "./estimateCommand";
import { imatrix } from "./imatrixCommand";
import { inspect } from "./inspectCommand";
import { logits } from "./logitsCommand";
import { merge } from "./mergeCommand";
import { perplexity } from "./perplexityCommand";
import { quantize } from "./quantizeCommand";
import { stats } from "./statsCommand";
import { values } from "./valuesCommand";

export const commands = { calibrate, errors, estimate, imatrix, inspect, logits, merge, perplexity, quantize, stats, values };
