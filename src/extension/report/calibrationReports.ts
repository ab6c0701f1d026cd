import type { CalibratedInput } from "../../protocol/calibration";
import type { Calibration } from "../calibration/calibration";
import { csvText } from "./csvText";
import { markdownCell, markdownFigure, markdownTable } from "./markdownText";
import type { ReportFormat } from "./reportFile";

type Calibrated = Pick<Calibration, "choice" | "text" | "methods" | "inputs">;

/** What dynamic quantization, with a range of its own for each token, is called. */
const dynamic = "per token";

/** A calibration as a document. JSON holds everything, CSV and Markdown a row for each input and method. */
export function calibrationReport(calibrated: Calibrated, format: ReportFormat): string {
  const { inputs, methods } = calibrated;
  if (format === "csv") return csvText([header, ...inputs.flatMap((input) => rowsOf(input, methods))]);
  if (format === "json") return `${JSON.stringify(documentOf(calibrated), undefined, 2)}\n`;
  const rows = inputs.flatMap((input) =>
    rowsOf(input, methods).map(([name, method, ...figures]) => [
      markdownCell(String(name)),
      String(method),
      ...figures.map((figure) => markdownFigure(typeof figure === "number" ? figure : null)),
    ]),
  );
  return `${markdownTable(header, rows)}\n`;
}

const header = ["input of", "method", "low", "high", "scale", "zeroPoint", "mse", "sqnrDb", "min", "max", "absMax", "outlierRatio"];

type Field = string | number | null;

function rowsOf(
  { weights, min, max, absMax, outlierRatio, methods: figures, dynamic: token }: CalibratedInput,
  methods: readonly string[],
) {
  const seen = [min, max, absMax, outlierRatio];
  const name = weights.join(" ");
  return [
    ...methods.flatMap((method): Field[][] => {
      const found = figures[method];
      return found ? [[name, method, found.low, found.high, found.scale, found.zeroPoint, found.mse, found.sqnrDb, ...seen]] : [];
    }),
    [name, dynamic, null, null, null, null, token.mse, token.sqnrDb, ...seen],
  ];
}

function documentOf({ choice, text, inputs }: Calibrated): object {
  return { bits: choice.bits, text, inputs };
}
