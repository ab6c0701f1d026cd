import type { CheckpointSnapshot } from "../../../src/protocol/editor";
import type { EditorState } from "../../../src/protocol/editorState";
import type { EditorStore } from "../store";
import { type DisplayRow, listRows, treeRows } from "./displayRows";
import { filterNames } from "./filter";
import { rangeScale } from "./rangeScale";
import { dependsOnScan } from "./sortValue";
import { buildTree, type GroupNode } from "./tensorTree";

/** The rows of the table, computed again only when something they depend on has changed: a checkpoint can have 50,000. */
export class RowModel {
  /** The value at both ends of the Range column; undefined before the first scanned row. */
  scale: number | undefined;
  private snapshot: CheckpointSnapshot | undefined;
  private tree: GroupNode | undefined;
  private filter = "";
  private matches: readonly boolean[] | undefined;
  private key: readonly unknown[] = [];
  private rows: readonly DisplayRow[] = [];
  private places = new Map<number, number>();
  private scaledRevision = -1;
  /** Groups closed while a filter is on; a filter opens everything that has a match. */
  private closedMatches: ReadonlySet<string> = new Set();

  update(store: EditorStore): readonly DisplayRow[] {
    const { snapshot, state } = store;
    if (!snapshot) return this.rows;
    if (snapshot !== this.snapshot) {
      this.snapshot = snapshot;
      this.tree = buildTree(snapshot.tensors);
      this.matches = this.match(state.filter);
    } else if (state.filter !== this.filter) this.matches = this.match(state.filter);
    if (store.summaryRevision !== this.scaledRevision) {
      this.scaledRevision = store.summaryRevision;
      this.scale = rangeScale(snapshot.tensors, store.summaries);
    }
    const closed = this.matches ? this.closedMatches : state.collapsed;
    const key = [snapshot, this.matches, state.view, state.sort, closed, dependsOnScan(state.sort.key) ? store.summaryRevision : 0];
    if (key.some((part, index) => part !== this.key[index])) {
      this.key = key;
      this.rows = this.compute(store, state, new Set(closed));
      this.places = new Map(this.rows.flatMap(({ node }, index) => (node.kind === "tensor" ? [[node.index, index] as const] : [])));
    }
    return this.rows;
  }

  /** The row of a tensor; undefined when it is filtered out or in a closed group. */
  indexOf(tensor: number | undefined): number | undefined {
    return tensor === undefined ? undefined : this.places.get(tensor);
  }

  /** Tensors that the filter lets through; undefined without a filter. */
  get matchCount(): number | undefined {
    return this.matches?.reduce((sum, matches) => sum + (matches ? 1 : 0), 0);
  }

  /** Opens or closes a group: for this filter only, or for good. */
  setExpanded(store: EditorStore, path: string, expanded: boolean): void {
    const closed = new Set(this.matches ? this.closedMatches : store.state.collapsed);
    if (expanded) closed.delete(path);
    else closed.add(path);
    if (this.matches) this.closedMatches = closed;
    else store.setState({ collapsed: [...closed] });
  }

  private match(filter: string): readonly boolean[] | undefined {
    this.filter = filter;
    this.closedMatches = new Set();
    return filterNames(this.snapshot?.tensors.map((row) => row.name) ?? [], filter);
  }

  private compute(store: EditorStore, state: EditorState, collapsed: ReadonlySet<string>): readonly DisplayRow[] {
    const query = {
      rows: store.snapshot?.tensors ?? [],
      summaries: store.summaries,
      matches: this.matches,
      sort: state.sort,
      collapsed,
    };
    return state.view === "list" || !this.tree ? listRows(query) : treeRows(this.tree, query);
  }
}
