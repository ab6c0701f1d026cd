import { limits } from "../../limits";
import type { MetadataValue } from "../../tensor/checkpoint";
import type { DiagnosticList } from "../diagnosticList";
import { countOf, quoteName } from "../text";
import { globalName, itemsOf, objectOf, type PickleCall, type PickleValue } from "./pickle/values";
import { BadTensorError, rebuildTensor, wrappedValue, type RebuiltTensor } from "./rebuild";

/** A tensor and what it is called: keys and positions on the way to it, joined with dots. */
export interface NamedTensor {
  readonly name: string;
  readonly tensor: RebuiltTensor;
}

/** What the object in a checkpoint holds. */
export interface StateContent {
  readonly tensors: readonly NamedTensor[];
  /** Numbers and texts among the tensors: epochs, losses, settings. */
  readonly scalars: ReadonlyMap<string, MetadataValue>;
}

/** Functions of TorchScript that make a list of their one argument. */
const listBuilders = /^torch\.jit\._pickle\.build_\w+list$/;

/**
 * Finds the tensors in what a pickle describes, however they are nested: state dictionaries, checkpoints of trainers,
 * lists, whole modules. A tensor in several places is listed under each name.
 * @param root what all names begin with; undefined when they begin with the keys of the object
 */
export function walkState(value: PickleValue | undefined, file: string, diagnostics: DiagnosticList, root?: string): StateContent {
  const walk = new Walk(file, diagnostics);
  walk.visit(value ?? null, root, 0);
  return { tensors: walk.tensors, scalars: walk.scalars };
}

/** Longer names and texts are data, not settings. */
const scalarNameLength = 1000;
const scalarTextLength = 100_000;
/** Values of a list that is listed as a text: shapes and the like, not histories. */
const listLength = 16;

class Walk {
  readonly tensors: NamedTensor[] = [];
  readonly scalars = new Map<string, MetadataValue>();
  private readonly names = new Set<string>();
  /** Containers between the root and what is visited: one of them inside itself is left out. */
  private readonly path = new Set<object>();
  /** What a call makes is the same each time. */
  private readonly rebuilt = new Map<PickleCall, RebuiltTensor | undefined>();
  private visits = 0;
  private characters = 0;
  private isFull = false;

  constructor(
    private readonly file: string,
    private readonly diagnostics: DiagnosticList,
  ) {}

  visit(value: PickleValue, name: string | undefined, depth: number): void {
    const object = objectOf(value);
    if (!object || object.kind === "global" || object.kind === "persistent" || this.isFull || this.path.has(object)) return;
    // Everything in it counts each time that it is visited, so that what is in many places at once ends, too.
    this.visits += 1 + sizeOf(object);
    if (this.visits > limits.stateVisits || depth > limits.stateDepth || this.characters > limits.stateNameCharacters) {
      this.stop();
      return;
    }
    this.path.add(object);
    if (object.kind === "dict") this.visitEntries(object.entries, name, depth);
    else if (object.kind === "call") this.visitCall(object, name, depth);
    else this.visitItems(object.items, name, depth);
    this.path.delete(object);
  }

  private visitEntries(entries: ReadonlyMap<PickleValue, PickleValue>, name: string | undefined, depth: number): void {
    for (const [key, value] of entries) {
      if (this.isFull) return;
      const text = keyText(key);
      if (text === undefined) continue;
      this.addScalar(join(name, text), value);
      this.visit(value, join(name, text), depth + 1);
    }
  }

  private visitItems(items: readonly PickleValue[], name: string | undefined, depth: number): void {
    for (let index = 0; index < items.length && !this.isFull; index++) {
      if (objectOf(items[index])) this.visit(items[index]!, join(name, String(index)), depth + 1);
    }
  }

  private visitCall(call: PickleCall, name: string | undefined, depth: number): void {
    const tensor = this.tensorOf(call, name);
    if (tensor) {
      this.addTensor(name ?? "", tensor);
      return;
    }
    const wrapped = wrappedValue(call);
    const callee = globalName(call.callee) ?? "";
    if (wrapped !== undefined) this.visit(wrapped, name, depth + 1);
    // Attributes of a subclass of Tensor: where it has other tensors inside, they are here.
    if (callee.startsWith("torch._tensor._rebuild_from_type")) this.visit(call.args[3] ?? null, name, depth + 1);
    if (listBuilders.test(callee)) this.visit(call.args[0] ?? null, name, depth + 1);
    if (callee === "collections.OrderedDict") this.visitPairs(call.args[0], name, depth);
    if (call.entries) this.visitEntries(call.entries, name, depth);
    if (call.items) this.visitItems(call.items, name, depth);
    if (call.entries === undefined || !callee.startsWith("collections.")) this.visitAttributes(call.state, name, depth);
  }

  /** Attributes of an object. Those of a module are named as in its `state_dict()`. */
  private visitAttributes(state: PickleValue | undefined, name: string | undefined, depth: number): void {
    const object = objectOf(state);
    if (object?.kind !== "dict") {
      // Objects with slots have a pair of dictionaries.
      for (const part of itemsOf(state) ?? []) if (objectOf(part)?.kind === "dict") this.visit(part, name, depth + 1);
      return;
    }
    const parts = ["_parameters", "_buffers", "_modules"].map((key) => object.entries.get(key));
    if (parts.every((part) => part === undefined)) this.visit(object, name, depth + 1);
    else for (const part of parts) if (part !== undefined) this.visit(part, name, depth + 1);
  }

  /** A dictionary that is made of a list of pairs. */
  private visitPairs(pairs: PickleValue | undefined, name: string | undefined, depth: number): void {
    const entries = (itemsOf(pairs) ?? []).flatMap((pair) => {
      const [key, value] = itemsOf(pair) ?? [];
      return key === undefined || value === undefined ? [] : [[key, value] as const];
    });
    this.visitEntries(new Map(entries), name, depth);
  }

  private tensorOf(call: PickleCall, name: string | undefined): RebuiltTensor | undefined {
    if (this.rebuilt.has(call)) return this.rebuilt.get(call);
    let tensor: RebuiltTensor | undefined;
    try {
      tensor = rebuildTensor(call);
    } catch (error) {
      if (!(error instanceof BadTensorError)) throw error;
      this.diagnostics.add("error", "torch.bad-tensor", `${quoteName(name ?? "")} is described with ${error.message}; it is not shown`, {
        file: this.file,
        tensor: name?.slice(0, limits.nameLength),
        expected: "what torch.save writes",
        found: error.message,
        hint: "The file is damaged, or was made by something else. Save it again with torch.save.",
      });
    }
    this.rebuilt.set(call, tensor);
    return tensor;
  }

  private addTensor(name: string, tensor: RebuiltTensor): void {
    this.characters += name.length;
    if (this.tensors.length >= limits.tensors) {
      this.stop();
      return;
    }
    if (name.length > limits.nameLength) {
      this.diagnostics.add("error", "torch.long-name", `${quoteName(name)} has too long a name; it is not shown`, {
        file: this.file,
        expected: `at most ${countOf(limits.nameLength)} characters`,
        found: countOf(name.length),
        hint: "Save it under a shorter key.",
      });
      return;
    }
    this.tensors.push({ name: this.unique(name), tensor });
  }

  /** Keys with dots in them can spell the path to something else: `{"a.b": …, "a": {"b": …}}`. */
  private unique(name: string): string {
    let free = name;
    for (let count = 2; this.names.has(free); count++) free = `${name} (${count})`;
    this.names.add(free);
    if (free !== name) {
      this.diagnostics.add(
        "warning",
        "torch.duplicate-name",
        `Two tensors are called ${quoteName(name)}; one is shown as ${quoteName(free)}`,
        {
          file: this.file,
          tensor: free,
          expected: "each name once",
          found: "keys with dots that spell the same path",
          hint: "Rename one of the keys.",
        },
      );
    }
    return free;
  }

  /** Numbers and texts, and short lists of them: shapes, settings. */
  private addScalar(name: string, value: PickleValue): void {
    if (this.scalars.size >= limits.stateScalars || name.length > scalarNameLength) return;
    const scalar = scalarOf(value) ?? listText(value);
    if (scalar !== undefined && !(typeof scalar === "string" && scalar.length > scalarTextLength)) this.scalars.set(name, scalar);
  }

  private stop(): void {
    this.isFull = true;
    this.diagnostics.add(
      "error",
      "torch.too-much",
      `The object in ${quoteName(this.file)} is too large or too deep; the rest of it is not shown`,
      {
        file: this.file,
        expected: `at most ${countOf(limits.stateVisits)} values, ${limits.stateDepth} levels deep`,
        found: "more",
        hint: "The file repeats itself without end, or is damaged.",
      },
    );
  }
}

function scalarOf(value: PickleValue): MetadataValue | undefined {
  if (value === null || typeof value === "object") return undefined;
  return value;
}

/** A short tuple, list or `torch.Size` of numbers and texts, as JSON. */
function listText(value: PickleValue): string | undefined {
  const call = objectOf(value);
  const items = itemsOf(call?.kind === "call" && globalName(call.callee) === "torch.Size" ? call.args[0] : value);
  if (!items || items.length === 0 || items.length > listLength) return undefined;
  const scalars = items.map(scalarOf);
  return scalars.every((item) => item !== undefined && typeof item !== "bigint") ? JSON.stringify(scalars) : undefined;
}

/** Values directly in a container, or that a call has put into one. */
function sizeOf(object: Exclude<ReturnType<typeof objectOf>, undefined>): number {
  switch (object.kind) {
    case "dict":
      return object.entries.size;
    case "call":
      return (object.entries?.size ?? 0) + (object.items?.length ?? 0) + (itemsOf(object.args[0])?.length ?? 0);
    case "global":
    case "persistent":
      return 0;
    default:
      return object.items.length;
  }
}

function join(name: string | undefined, key: string): string {
  return name === undefined ? key : `${name}.${key}`;
}

/** A key as part of a name; undefined for one that is no text or number. */
function keyText(key: PickleValue): string | undefined {
  if (typeof key === "boolean") return key ? "True" : "False";
  if (key === null) return "None";
  if (typeof key === "string") return key;
  if (typeof key === "number" || typeof key === "bigint") return String(key);
  const items = itemsOf(key)?.map((item) => (objectOf(item) ? undefined : String(item)));
  return items && items.length < 16 && items.every((item) => item !== undefined) ? `(${items.join(", ")})` : undefined;
}
