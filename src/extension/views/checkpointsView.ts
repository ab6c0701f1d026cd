import * as vscode from "vscode";
import { DisposableStore } from "../emitter";
import { treeItemKinds, viewIds, viewType } from "../identifiers";
import type { NumberText } from "../numberText";
import type { CheckpointFacts } from "./checkpointFacts";
import { checkpointPattern, findCheckpoints, type FoundCheckpoint } from "./checkpointFinder";

/** A row of the view: a checkpoint, or one of its shards. */
export type CheckpointNode =
  | { readonly kind: "checkpoint"; readonly found: FoundCheckpoint; readonly uri: vscode.Uri }
  | { readonly kind: "shard"; readonly uri: vscode.Uri };

/** Headers that are read for their type; beyond that, rows show only their size. */
const describedCheckpoints = 200;
/** Milliseconds to wait for more changes before searching again. */
const searchDelay = 1000;

/** The *Checkpoints* view. Searches the workspace when it is first shown, and from then on when files come and go. */
export class CheckpointsView implements vscode.TreeDataProvider<CheckpointNode>, vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly changes = new vscode.EventEmitter<CheckpointNode | undefined>();
  private found: Promise<FoundCheckpoint[]> | undefined;
  private readonly facts = new Map<string, CheckpointFacts>();
  private timer: NodeJS.Timeout | undefined;
  private generation = 0;

  readonly onDidChangeTreeData = this.changes.event;

  constructor(
    private readonly numbers: NumberText,
    private readonly reportFailure: (error: unknown) => void,
  ) {
    this.store.add(vscode.window.createTreeView(viewIds.checkpoints, { treeDataProvider: this, showCollapseAll: false }));
    this.store.add(this.changes);
    this.store.add({ dispose: () => clearTimeout(this.timer) });
  }

  /** The checkpoints of the workspace; searches if nobody did yet. */
  all(): Promise<FoundCheckpoint[]> {
    this.found ??= this.search();
    return this.found;
  }

  refresh(): void {
    this.found = undefined;
    this.facts.clear();
    this.changes.fire(undefined);
  }

  async getChildren(node?: CheckpointNode): Promise<CheckpointNode[]> {
    if (node?.kind === "checkpoint") return node.found.partUris.map((uri) => ({ kind: "shard", uri }));
    if (node) return [];
    return (await this.all()).map((found) => ({ kind: "checkpoint", found, uri: found.uri }));
  }

  getTreeItem(node: CheckpointNode): vscode.TreeItem {
    const open = { command: "vscode.openWith", title: "", arguments: [node.uri, viewType] };
    if (node.kind === "shard") {
      const item = new vscode.TreeItem(node.uri);
      return Object.assign(item, { id: `shard:${node.uri.toString()}`, command: open });
    }
    const { found } = node;
    const sharded = found.parts.length > 1;
    const item = new vscode.TreeItem(found.label, vscode.TreeItemCollapsibleState[sharded ? "Collapsed" : "None"]);
    const facts = this.facts.get(found.uri.toString());
    return Object.assign(item, {
      id: found.uri.toString(),
      resourceUri: found.uri,
      description: facts && this.description(facts),
      tooltip: [vscode.workspace.asRelativePath(found.uri), facts?.failure].filter(Boolean).join("\n"),
      contextValue: treeItemKinds.checkpoint,
      iconPath: facts?.failure
        ? new vscode.ThemeIcon("warning", new vscode.ThemeColor("list.warningForeground"))
        : new vscode.ThemeIcon("layers"),
      command: open,
    });
  }

  dispose(): void {
    this.generation += 1;
    this.store.dispose();
  }

  private description({ bytes, dtype, failure }: CheckpointFacts): string {
    const type = failure ? vscode.l10n.t("unreadable") : dtype;
    return [type, this.numbers.bytes(bytes)].filter(Boolean).join(" · ");
  }

  private async search(): Promise<FoundCheckpoint[]> {
    if (this.generation === 0) this.watch();
    const generation = ++this.generation;
    const found = await findCheckpoints();
    this.describe(found, generation).catch(this.reportFailure);
    return found;
  }

  /** Reads headers one after the other, so that a folder full of models does not keep the disk busy. */
  private async describe(found: readonly FoundCheckpoint[], generation: number): Promise<void> {
    const { checkpointBytes, readFacts } = (await import("../later")).later;
    for (const [position, checkpoint] of found.entries()) {
      const facts = position < describedCheckpoints ? await readFacts(checkpoint) : { bytes: await checkpointBytes(checkpoint) };
      if (generation !== this.generation) return;
      this.facts.set(checkpoint.uri.toString(), facts);
    }
    this.changes.fire(undefined);
  }

  private watch(): void {
    const watcher = this.store.add(vscode.workspace.createFileSystemWatcher(checkpointPattern));
    const later = () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.refresh(), searchDelay);
    };
    this.store.add(watcher.onDidCreate(later));
    this.store.add(watcher.onDidChange(later));
    this.store.add(watcher.onDidDelete(later));
    this.store.add(vscode.workspace.onDidChangeWorkspaceFolders(later));
  }
}
