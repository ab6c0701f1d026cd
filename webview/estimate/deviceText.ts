import type { EstimateDevice } from "../../src/protocol/estimate";
import { fixed } from "../ui/format";
import { t } from "../ui/l10n";

/** A device's name; the list says which memory it has. */
export function deviceName({ kind, name, gib }: EstimateDevice): string {
  if (kind === "custom") return t("Own");
  return kind === "phone" ? t("Phone {0}", gib) : name;
}

/** GiB without needless decimals. */
export function gibText(gib: number): string {
  return fixed(gib, Number.isInteger(gib) || gib >= 100 ? 0 : 1);
}

/** What of its memory a model can have, and why not all. */
export function deviceFacts(device: EstimateDevice): string {
  const { kind, gib, usableGib } = device;
  const of = [gibText(usableGib), gibText(gib)] as const;
  if (kind === "custom") return t("{0} GiB, all of which can be used", gibText(gib));
  if (kind === "mac") return t("{0} of {1} GiB: what Metal lets one process have of the unified memory", ...of);
  if (kind === "phone") return t("{0} of {1} GiB: systems end apps that hold more than about half of the memory", ...of);
  return t("{0} of {1} GiB: the rest is the driver's and the display's", ...of);
}
