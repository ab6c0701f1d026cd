import { mkdir, rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { writeFileAtomically } from "../../io/atomicFile";
import { explainWriteError } from "../../io/writeErrors";
import { type FinishedLayer, loadLayer, readLayerFile, readTextIfThere, type StoredLayer, writeLayerFile } from "./layerFile";

/**
 * The layers that were quantized so far, block by block, in a hidden folder beside the output. A run that was stopped goes on
 * from there; it is removed when the output is whole.
 */
export class LayerStore {
  private constructor(
    readonly folder: string,
    /** Blocks of the model. */
    readonly blocks: number,
    /** Those that were there already, from the first on. */
    readonly finished: number,
  ) {}

  /** Where the layers of an output lie until it is whole. */
  static folderOf(out: string): string {
    const path = resolve(out);
    return join(dirname(path), `.${basename(path)}.layers`);
  }

  /**
   * Opens the folder, and empties it where it has the layers of something else.
   *
   * @param key of everything that the layers depend on
   * @param blocks there will be
   */
  static async open(folder: string, key: string, blocks: number): Promise<LayerStore> {
    const keyFile = join(folder, "key.json");
    try {
      if ((await readTextIfThere(keyFile)) !== key) {
        await rm(folder, { recursive: true, force: true });
        await mkdir(folder, { recursive: true });
        await writeFileAtomically(keyFile, (handle) => handle.writeFile(key));
      }
    } catch (error) {
      throw explainWriteError(error, basename(folder));
    }
    let finished = 0;
    while (finished < blocks && (await isReadable(join(folder, fileName(finished))))) finished++;
    return new LayerStore(folder, blocks, finished);
  }

  /** Whether a run for an output was stopped after its first block. */
  static isBegun(out: string): Promise<boolean> {
    return isReadable(join(LayerStore.folderOf(out), fileName(0)));
  }

  /** Removes what a run for an output left. */
  static async discard(out: string): Promise<void> {
    await rm(LayerStore.folderOf(out), { recursive: true, force: true });
  }

  pathOf(block: number): string {
    return join(this.folder, fileName(block));
  }

  write(block: number, layers: readonly FinishedLayer[], signal: AbortSignal): Promise<void> {
    return writeLayerFile(this.pathOf(block), layers, signal);
  }

  /** What there is of a block. @throws FormatError `layers.bad-file` */
  list(block: number): Promise<StoredLayer[]> {
    return readLayerFile(this.pathOf(block));
  }

  load(block: number, layer: StoredLayer): Promise<FinishedLayer> {
    return loadLayer(this.pathOf(block), layer);
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

function fileName(block: number): string {
  return `block-${String(block).padStart(5, "0")}.layers`;
}

async function isReadable(path: string): Promise<boolean> {
  return readLayerFile(path).then(
    () => true,
    () => false,
  );
}
