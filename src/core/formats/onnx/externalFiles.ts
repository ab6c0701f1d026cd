import { FormatError } from "../../errors";
import type { Folder } from "../../file";
import { limits } from "../../limits";
import type { CheckpointFile } from "../../tensor/checkpoint";
import type { DiagnosticList } from "../diagnosticList";
import { countOf, quoteName } from "../text";

/** The file of a model and those that its tensors lie in beside it. Each is opened once; one that cannot be keeps its place. */
export class ExternalFiles {
  readonly files: CheckpointFile[];
  private readonly places = new Map<string, number>();

  constructor(
    model: CheckpointFile,
    private readonly folder: Folder,
    private readonly diagnostics: DiagnosticList,
  ) {
    this.files = [model];
  }

  /** The place in {@link files} of the file at a path relative to the model's folder. */
  async find(location: string): Promise<number> {
    const known = this.places.get(location);
    if (known !== undefined) return known;
    const place = this.files.length;
    if (place > limits.shards) throw this.tooMany();
    this.places.set(location, place);
    this.files.push(await this.open(location));
    return place;
  }

  async close(): Promise<void> {
    for (const { file } of this.files) await file?.close();
  }

  private async open(location: string): Promise<CheckpointFile> {
    const name = location.slice(0, 200);
    try {
      const file = await this.folder.openInside(location, this.files[0]!.name);
      return { name, bytes: file.size, file };
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      const { fields } = error;
      this.diagnostics.add("error", "onnx.external-data", `The file ${quoteName(location)} that has values of the model cannot be read`, {
        ...fields,
        file: this.files[0]!.name,
        expected: fields.expected ?? "a file in the folder of the model",
        found: fields.found ?? error.message.slice(0, 200),
        hint: fields.hint ?? "Download it from where the model is from, and put it beside the model.",
      });
      return { name, bytes: 0 };
    }
  }

  private tooMany(): FormatError {
    const model = this.files[0]!.name;
    return new FormatError("onnx.too-many-files", `${quoteName(model)} has its values in too many files`, {
      file: model,
      expected: `at most ${countOf(limits.shards)}`,
      found: "more",
      hint: "Save the model with all values in one file.",
    });
  }
}
