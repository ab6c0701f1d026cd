import type { Services } from "../services";

/** A contributed command. Its arguments come from menus, from other extensions, or not at all: they are checked by it. */
export interface Command {
  readonly id: string;
  run(services: Services, ...args: readonly unknown[]): Promise<void>;
}
