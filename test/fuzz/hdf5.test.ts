import assert from "node:assert/strict";
import { FormatError } from "../../src/core/errors";
import { openCheckpoint } from "../../src/core/formats/open";
import { MemoryFolder } from "../../src/io/memoryFile";
import { openAnything } from "../support/checkInvariants";
import { provideBuiltHdf5 } from "../support/hdf5";
import { writeHdf5 } from "../support/hdf5Writer";
import { mutate, Random } from "../support/mutations";
import { valueBytes } from "../support/tensorValues";
import { writeZip } from "../support/zipWriter";

/** Each file is listed in a thread of its own. */
const rounds = 25;

describe("damaged HDF5 files", function () {
  this.timeout(120_000);
  before(provideBuiltHdf5);

  async function seed(): Promise<Uint8Array> {
    const data = Float32Array.from({ length: 60 }, (_, index) => index);
    return writeHdf5((file) => {
      file.create_attribute("keras_version", "3.0");
      const group = file.create_group("layers");
      group.create_dataset({ name: "plain", data, shape: [6, 10] });
      group.create_dataset({ name: "chunked", data, shape: [6, 10], chunks: [4, 4], compression: "gzip" });
      file.create_soft_link("/layers/plain", "link");
    });
  }

  /** Values of what could be opened are read, or the library says why not. */
  async function readValues(folder: MemoryFolder, name: string): Promise<void> {
    const checkpoint = await openCheckpoint(folder, name);
    for (const tensor of checkpoint.tensors.filter(({ source }) => source)) {
      try {
        valueBytes(checkpoint, tensor, 4);
      } catch (error) {
        if (!(error instanceof FormatError)) throw error;
      }
    }
  }

  for (const [name, wrap] of [
    ["m.h5", (bytes: Uint8Array) => bytes],
    ["m.keras", (bytes: Uint8Array) => writeZip([{ name: "model.weights.h5", bytes }])],
  ] as const) {
    it(`${name}: are refused or shown`, async () => {
      const bytes = await seed();
      const random = new Random(77);
      const results = { opened: 0, refused: 0 };
      for (let round = 0; round < rounds; round++) {
        const damaged = wrap(random.next(4) === 0 ? bytes.subarray(0, random.next(bytes.length)) : mutate(bytes, bytes.length, random));
        const folder = new MemoryFolder("folder", [[name, damaged]]);
        const result = await openAnything(folder, name);
        results[result]++;
        if (result === "opened") await readValues(folder, name);
      }
      assert.ok(results.opened > 2 && results.refused > 2, JSON.stringify(results));
    });
  }
});
