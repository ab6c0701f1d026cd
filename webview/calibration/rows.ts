import type { CalibratedInput } from "../../src/protocol/calibration";
import { filterNames } from "../editor/tensors/filter";
import { missing, significant } from "../ui/format";
import { t } from "../ui/l10n";
import { dynamicMethod, figureOf, methodLabel, type ShownFigure } from "./figures";

/** A column of the table of inputs. */
export interface InputColumn {
  readonly id: string;
  label(): string;
  /** What it is, in full. */
  title(): string;
  of(input: CalibratedInput): number | null;
  write(value: number | null): string;
  /** Identifier of the method that it is about. */
  readonly method?: string;
}

/** What was seen, then a figure of each method. */
export function inputColumns(methods: readonly string[], figure: ShownFigure): InputColumn[] {
  const write = (value: number | null): string => significant(value);
  return [
    { id: "min", label: () => t("Min"), title: () => t("Least value"), of: ({ min }) => min, write },
    { id: "max", label: () => t("Max"), title: () => t("Greatest value"), of: ({ max }) => max, write },
    { id: "absMax", label: () => t("|max|"), title: () => t("Greatest magnitude"), of: ({ absMax }) => absMax, write },
    {
      id: "outlierRatio",
      label: () => t("Outliers"),
      title: () => t("Greatest magnitude of any channel by that of the median channel"),
      of: ({ outlierRatio }) => outlierRatio,
      write: (value) => (value === null ? missing : `${significant(value, 2)}×`),
    },
    ...[...methods, ...(figure.dynamic ? [dynamicMethod] : [])].map((method): InputColumn => ({
      id: method,
      label: () => methodLabel(method),
      title: () => `${methodLabel(method)}, ${figure.unit()}`,
      of: (input) => figureOf(input, method, figure),
      write: (value) => figure.write(value),
      method,
    })),
  ];
}

/** A name in two parts: `layers.2.`, and what tells the input from others of its layer. */
export function shortInputName({ layer, kind, name }: CalibratedInput): { head: string; tail: string } {
  const tail = kind.replace(/_proj\b/g, "");
  return layer === undefined ? { head: "", tail: name } : { head: `${layer} · `, tail };
}

/** Places of the inputs that fit a filter, sorted by a column; those without a figure come last. */
export function sortedInputs(
  inputs: readonly CalibratedInput[],
  filter: string,
  sort: { column: InputColumn; descending: boolean } | undefined,
): number[] {
  const fits = filterNames(
    inputs.map(({ weights }) => weights.join(" ")),
    filter,
  );
  const places = inputs.flatMap((_, place) => (fits?.[place] === false ? [] : [place]));
  if (!sort) return places;
  const key = (place: number): number => {
    const value = sort.column.of(inputs[place]!);
    if (value === null) return Infinity;
    return sort.descending ? -value : value;
  };
  return places.sort((a, b) => key(a) - key(b) || a - b);
}
