import { FormatError } from "../core/errors";

const writeErrors: Readonly<Record<string, { code: string; message: string; hint: string }>> = {
  ENOSPC: { code: "io.no-space", message: "the disk is full", hint: "Free some space or choose another disk." },
  EDQUOT: { code: "io.no-space", message: "your quota on the disk is used up", hint: "Free some space or choose another disk." },
  EFBIG: { code: "io.no-space", message: "the disk cannot hold files of that size", hint: "Choose another disk." },
  EACCES: { code: "io.no-access", message: "its folder may not be written to", hint: "Choose another folder." },
  EPERM: { code: "io.no-access", message: "its folder may not be written to", hint: "Choose another folder." },
  EROFS: { code: "io.no-access", message: "the disk is read-only", hint: "Choose another folder." },
  ENOENT: { code: "io.not-found", message: "its folder does not exist", hint: "Create the folder first." },
  ENOTDIR: { code: "io.not-found", message: "its folder is a file", hint: "Choose another folder." },
  EMFILE: { code: "io.too-many-files", message: "too many files are open", hint: "Split into fewer files, or close others." },
  EISDIR: { code: "io.is-folder", message: "that is the name of a folder", hint: "Add the name of a file." },
};

/** What the system says when a file cannot be written, as an error with a hint. Other errors are passed through. */
export function explainWriteError(error: unknown, name: string): unknown {
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") return error;
  return writeErrors[error.code] ? writeError(error.code, name) : error;
}

/** The error for a code of the system that has an explanation. */
export function writeError(found: string, name: string): FormatError {
  const { code, message, hint } = writeErrors[found]!;
  return new FormatError(code, `"${name}" cannot be written: ${message}`, { file: name, found, hint });
}
