/** A group of tabs, as far as it says which of them are in front. */
interface Group<T> {
  readonly isActive: boolean;
  readonly tabs: readonly T[];
}

/**
 * All tabs of a window: that which the user is at, then those that are in front in other groups, then those behind them, beginning with
 * the group that the user is at. VS Code does not say which of those behind was in front last.
 */
export function frontFirst<T extends { readonly isActive: boolean }>(groups: readonly Group<T>[]): T[] {
  const tabs = [...groups].sort((a, b) => Number(b.isActive) - Number(a.isActive)).flatMap((group) => group.tabs);
  return [...tabs.filter(({ isActive }) => isActive), ...tabs.filter(({ isActive }) => !isActive)];
}
