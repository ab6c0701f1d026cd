import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { UsageError } from "../core/errors";
import { parseBytes } from "../core/estimate/units";
import { perplexityProtocols } from "../core/model/perplexity";
import type { Part } from "../jobs/tensorParts";
import { exitStatus, reportFailure } from "./failure";
import type { commands } from "./commands";
import type { CommandOptions, JobOptions } from "./session";

/** Set by the build. */
declare const packageVersion: string;

type Commands = typeof commands;
type Action<S, O extends CommandOptions> = (subject: S, options: O) => Promise<void>;

/**
 * Runs one command line. Everything a command needs is loaded when it is called.
 *
 * @returns the exit status
 */
export async function run(argv: readonly string[]): Promise<number> {
  // Known before the line is parsed, since a line that cannot be parsed is answered in the same form.
  const json = argv.includes("--json");
  const verbose = argv.includes("--verbose");
  const program = makeProgram(json);
  try {
    await program.parseAsync([...argv], { from: "user" });
    return exitStatus.done;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exitStatus.done;
    const failure = error instanceof CommanderError ? new UsageError("usage", error.message.replace(/^error: /, "")) : error;
    return reportFailure(failure, { json, verbose });
  }
}

function makeProgram(json: boolean): Command {
  const program = new Command("quantscope")
    .description("See what is in a model checkpoint, and what quantization does to it.")
    .version(packageVersion, "-v, --version", "print the version")
    .exitOverride()
    // What is wrong is reported in one place, as JSON where that was asked for.
    .configureOutput({ outputError: () => undefined, writeErr: (text) => void (json || process.stderr.write(text)) })
    .showHelpAfterError(false);

  tensors(common(program.command("inspect"), "what the headers say: tensors, metadata, warnings"))
    .argument("<path>", "a checkpoint file or folder")
    .action(lazy(({ inspect }) => inspect));

  jobs(tensors(common(program.command("stats"), "statistics and histograms of the weights")))
    .argument("<path>", "a checkpoint file or folder")
    .option("--tensor <glob>", "only tensors whose name matches; * stands for anything")
    .option("--bins <n>", "histogram bins", positiveInteger, 256)
    .option("--part <i/n>", "do one of n shares of the work and print what `merge` needs", part)
    .action(lazyJob(({ stats }) => stats));

  tensors(common(program.command("values"), "decoded values of one tensor"))
    .argument("<path>", "a checkpoint file or folder")
    .requiredOption("--tensor <name>", "the tensor")
    .option("--rows <a:b>", "rows a up to, not including, b")
    .option("--out <file.npy>", "write the whole tensor as float32 .npy instead")
    .action(lazy(({ values }) => values));

  jobs(tensors(common(program.command("errors"), "what quantization would do to the weights")))
    .argument("<path>", "a checkpoint file or folder")
    .requiredOption("--types <a,b>", "types such as Q4_K, int8, int4-sym-g128, bf16", list)
    .option("--tensor <glob>", "only tensors whose name matches; * stands for anything")
    .option("--imatrix <file>", "weigh columns by an importance matrix (.dat or .gguf)")
    .option("--part <i/n>", "do one of n shares of the work and print what `merge` needs", part)
    .action(lazyJob(({ errors }) => errors));

  texts(jobs(common(program.command("quantize"), "write a checkpoint in other types")))
    .argument("<path>", "a checkpoint file or folder")
    .requiredOption(
      "--to <format>",
      "gguf; ollama: gguf with a Modelfile; safetensors, gptq, gptq-v2, awq, bnb, compressed-tensors: folders for PyTorch",
    )
    .option("--type <type>", "a file type of llama.cpp such as Q4_K_M; of other formats a type such as bf16, int4-sym-g128, nf4-dq, w4a16")
    .option("--recipe <quantizer>", "write the settings as a recipe for llm-compressor, gptqmodel or llama-quantize instead")
    .option(
      "--method <method>",
      "how linear layers are quantized: rtn rounds to nearest; gptq, awq and smoothquant go by what the layers' inputs on a text are",
    )
    .option("--damping <part>", "of gptq: what is added to the Hessian's diagonal, as a part of its mean", positiveNumber)
    .option("--smoothing <share>", "of smoothquant: how much of the inputs' outliers goes to the weights, 0 to 1", positiveNumber)
    .option("--order <order>", "of gptq: the order of the columns, stored or group-aware")
    .option("--dtype <type>", "f16, bf16 or f32 for tensors that are not quantized, in other formats than gguf")
    .option("--target-size <size>", "the types with the least error of which the file is at most this large, such as 3.9GB", size)
    .requiredOption("--out <out>", "the file to write; for other formats than gguf a folder for the whole model")
    .option("--imatrix <file>", "quantize by an importance matrix (.dat or .gguf)")
    .option("--tensor-type <pattern=type>", "a type for tensors whose names match; may be repeated", collect, [])
    .option("--pure", "one type for all weight matrices")
    .option("--allow-requantize", "quantize weights that are quantized already")
    .option("--split-max-size <size>", "files of at most this size, such as 2G", size)
    .option("--dry-run", "say what would be written")
    .action(lazyJob(({ quantize }) => quantize));

  runtimes(jobs(common(program.command("logits"), "what a model answers to token ids")))
    .argument("<path>", "a checkpoint file or folder")
    .requiredOption("--ids <list>", "ids such as 1,370,262, or a file with ids")
    .action(lazyJob(({ logits }) => logits));

  texts(jobs(common(program.command("calibrate"), "ranges for static quantization of what enters the linear layers")))
    .argument("<path>", "a checkpoint file or folder")
    .option("--method <a,b>", "minmax, percentile, mse, entropy, onnx-entropy; all but the last when absent", list)
    .option("--bits <b>", "bits of the quantized activations", positiveInteger, 8)
    .option("--curves", "with what the methods compared, in the JSON document")
    .action(lazyJob(({ calibrate }) => calibrate));

  texts(jobs(common(program.command("imatrix"), "write an importance matrix, as llama-imatrix does")))
    .argument("<path>", "a checkpoint file or folder")
    .requiredOption("--out <out>", "the file to write: .dat for llama.cpp's older kind, else GGUF")
    .action(lazyJob(({ imatrix }) => imatrix));

  runtimes(texts(jobs(common(program.command("perplexity"), "how well a model foresees a text, and what becomes of that in other types"))))
    .argument("<path>", "a checkpoint file or folder")
    .option("--types <a,b>", "types to compare: file types of llama.cpp such as Q4_K_M, or schemes such as nf4 for linear layers", list)
    .option("--imatrix <file>", "quantize by an importance matrix (.dat or .gguf)")
    .option("--ids <list>", "instead of a text its ids such as 1,370,262, or a file with ids")
    .option("--bos <id>", "with --ids: the id that every sample begins with", positiveInteger)
    .addOption(
      new Option("--protocol <name>", "which ids of a sample are scored: its second half, or all")
        .choices(perplexityProtocols)
        .default(perplexityProtocols[0]),
    )
    .option("--against <path>", "the original: how far the answers are from its")
    .action(lazyJob(({ perplexity }) => perplexity));

  common(program.command("estimate"), "how large a model is in each type")
    .argument("<what>", "a size such as 7B, a checkpoint file or folder, or a config.json")
    .option("--types <a,b>", "types to list", list)
    .option("--context <n>", "tokens of context, for the key-value cache", positiveInteger)
    .option("--memory <gb>", "memory that everything has to fit, in GB", positiveNumber)
    .action(lazy(({ estimate }) => estimate));

  common(program.command("merge"), "put together the parts that --part printed")
    .argument("<files...>", "files with the output of `stats --part` or `errors --part`")
    .action(lazy(({ merge }) => merge));

  // For those who change the lesson, not for users: help does not list it.
  common(program.command("lesson", { hidden: true }), "what the lesson has to have, and what serves it")
    .requiredOption("--check", "fail when something is not served, or a worked number comes out otherwise")
    .action(async (options: CommandOptions) => (await import("./lessonCommand")).lesson(options));

  return program;
}

/** For commands whose code is loaded when they are called. */
function lazy<S, O extends CommandOptions>(pick: (all: Commands) => Action<S, O>): Action<S, O> {
  return async (subject, options) => {
    const { commands } = await import("./commands");
    await pick(commands)(subject, options);
  };
}

/** The same for those that compute. Threads take as long to start as code to be loaded, so they start first. */
function lazyJob<S, O extends JobOptions>(pick: (all: Commands) => Action<S, O>): Action<S, Omit<O, "pool">> {
  return async (subject, options) => {
    const { startPool } = await import("./startPool");
    const pool = startPool(options.threads);
    const { commands } = await import("./commands");
    await pick(commands)(subject, { ...options, pool } as O);
  };
}

function common(command: Command, description: string): Command {
  return command
    .description(description)
    .option("--json", "print one JSON document")
    .option("--verbose", "print the stack of a failure")
    .exitOverride()
    .copyInheritedSettings(command.parent!);
}

function tensors(command: Command): Command {
  return command.option("--stored", "packed weights as the tensors that the files store, not as what they mean");
}

function texts(command: Command): Command {
  return command
    .option("--text <path>", "the text to run the model on: a file, a folder of texts, .jsonl; the shipped sample text when absent")
    .option("--field <name>", "the field of .jsonl records that has the text")
    .option("--context <n>", "tokens of a sample; 512 or what the model takes when absent", positiveInteger)
    .option("--samples <n>", "samples to use", positiveInteger)
    .option("--seed <n>", "take the samples from all over the text; the same ones for the same number", positiveInteger);
}

function runtimes(command: Command): Command {
  return command.option("--onnxruntime <folder>", "the onnxruntime-node that runs ONNX models, when it is not among npm's global packages");
}

function jobs(command: Command): Command {
  return command.option("--threads <n>", "worker threads", positiveInteger);
}

function positiveInteger(text: string): number {
  if (!/^\d+$/.test(text) || Number(text) < 1 || !Number.isSafeInteger(Number(text)))
    throw new InvalidArgumentError("It must be a whole number above 0.");
  return Number(text);
}

function positiveNumber(text: string): number {
  const value = Number(text);
  if (!(value > 0 && Number.isFinite(value))) throw new InvalidArgumentError("It must be a number above 0.");
  return value;
}

function size(text: string): number {
  const bytes = parseBytes(text);
  if (bytes === undefined) throw new InvalidArgumentError("It must be a size such as 3.9GB.");
  return bytes;
}

function collect(text: string, before: string[]): string[] {
  return [...before, text];
}

function list(text: string): string[] {
  const items = text.split(",").map((item) => item.trim());
  if (items.some((item) => item === "")) throw new InvalidArgumentError("It must be names separated by commas.");
  return items;
}

function part(text: string): Part {
  const match = /^(\d+)\/(\d+)$/.exec(text);
  const [index, count] = [Number(match?.[1]), Number(match?.[2])];
  if (!(index >= 1 && index <= count)) throw new InvalidArgumentError("It must be I/N, with I from 1 to N.");
  return { index, count };
}
