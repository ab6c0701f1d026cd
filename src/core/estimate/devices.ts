/** Memory in which a model may be run. */
export interface Device {
  /** Stable, kept with the page. */
  readonly id: string;
  readonly name: string;
  readonly kind: "gpu" | "mac" | "phone";
  /** GiB that the device is sold with. */
  readonly gib: number;
  /** Share of them that a model can have, 0 to 1. */
  readonly usable: number;
}

/**
 * Shares that can be used, and why.
 * GPU: a rule of thumb; the driver's context, the display and what does not divide take from half a GiB to a few.
 * Mac: Metal's `recommendedMaxWorkingSetSize`, as llama.cpp prints it: 10922.67 MiB of 16 GiB, 17179.87 MB of 24 GiB (two thirds),
 * 28991.03 MB of 36 GiB (three quarters from there on).
 * Phone: a rule of thumb; systems end apps by limits that no vendor publishes. On iPads with 8 GiB, 3 to 6 of them were measured
 * (Apple's developer forums, thread 826325).
 */
const usableShare = { gpu: 0.95, smallMac: 2 / 3, largeMac: 0.75, phone: 0.5 } as const;

const gpu = (id: string, name: string, gib: number): Device => ({ id, name, kind: "gpu", gib, usable: usableShare.gpu });
const mac = (gib: number): Device => ({
  id: `mac-${gib}`,
  name: `Mac ${gib}`,
  kind: "mac",
  gib,
  usable: gib >= 36 ? usableShare.largeMac : usableShare.smallMac,
});
const phone = (gib: number): Device => ({ id: `phone-${gib}`, name: `Phone ${gib}`, kind: "phone", gib, usable: usableShare.phone });

/** Common devices, by the memory that the vendors' data sheets give. Smallest first in each kind. */
export const devices: readonly Device[] = [
  gpu("rtx-4060", "RTX 4060", 8),
  gpu("rtx-3060", "RTX 3060", 12),
  gpu("rtx-4070", "RTX 4070", 12),
  gpu("rtx-5070", "RTX 5070", 12),
  gpu("arc-b580", "Arc B580", 12),
  gpu("rtx-5060-ti", "RTX 5060 Ti", 16),
  gpu("rtx-4080", "RTX 4080", 16),
  gpu("rtx-5070-ti", "RTX 5070 Ti", 16),
  gpu("rtx-5080", "RTX 5080", 16),
  gpu("rx-9070-xt", "RX 9070 XT", 16),
  gpu("t4", "T4", 16),
  gpu("rtx-3090", "RTX 3090", 24),
  gpu("rtx-4090", "RTX 4090", 24),
  gpu("rx-7900-xtx", "RX 7900 XTX", 24),
  gpu("l4", "L4", 24),
  gpu("rtx-5090", "RTX 5090", 32),
  gpu("a100-40", "A100 40 GB", 40),
  gpu("rtx-a6000", "RTX A6000", 48),
  gpu("l40s", "L40S", 48),
  gpu("a100-80", "A100 80 GB", 80),
  gpu("h100", "H100", 80),
  gpu("rtx-pro-6000", "RTX PRO 6000", 96),
  gpu("h200", "H200", 141),
  gpu("mi300x", "MI300X", 192),
  ...[8, 16, 24, 32, 36, 48, 64, 96, 128, 192, 512].map(mac),
  ...[6, 8, 12, 16, 24].map(phone),
];

/** Devices that are compared until others are chosen. */
export const usualDevices: readonly string[] = ["phone-16", "mac-16", "rtx-3060", "rtx-4090"];

/** Bytes of a device that a model can have. */
export function usableBytes({ gib, usable }: Pick<Device, "gib" | "usable">): number {
  return Math.floor(gib * usable * 2 ** 30);
}
