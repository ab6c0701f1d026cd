import type { WindowServices } from "../windowServices";

/** A contributed command. Its arguments come from menus, from other extensions, or not at all: they are checked by it. */
export interface Command {
  readonly id: string;
  run(services: WindowServices, ...args: readonly unknown[]): Promise<void>;
}
