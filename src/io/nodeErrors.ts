import { FormatError } from "../core/errors";

interface Explanation {
  readonly code: string;
  readonly message: (name: string) => string;
  readonly hint: string;
}

const explanations: Readonly<Record<string, Explanation>> = {
  ENOENT: {
    code: "io.not-found",
    message: (name) => `There is no file or folder "${name}"`,
    hint: "Check the path. The file may have been moved or deleted.",
  },
  ENOTDIR: {
    code: "io.not-found",
    message: (name) => `There is no file or folder "${name}"`,
    hint: "Part of the path is a file, not a folder.",
  },
  EACCES: { code: "io.no-access", message: (name) => `"${name}" may not be read`, hint: "Ask its owner for permission to read it." },
  EPERM: { code: "io.no-access", message: (name) => `"${name}" may not be read`, hint: "Ask its owner for permission to read it." },
  EISDIR: { code: "io.is-folder", message: (name) => `"${name}" is a folder, not a file`, hint: "Open a file in it." },
  ELOOP: {
    code: "io.not-found",
    message: (name) => `"${name}" is a link that leads back to itself`,
    hint: "Replace the link by the file.",
  },
  ENAMETOOLONG: { code: "io.not-found", message: (name) => `The path of "${name}" is too long`, hint: "Check the path." },
  EMFILE: {
    code: "io.too-many-files",
    message: (name) => `"${name}" cannot be opened: too many files are open`,
    hint: "Close other files and try again.",
  },
  ESTALE: { code: "io.changed", message: (name) => `"${name}" was replaced while it was open`, hint: "Open it again." },
  EIO: {
    code: "io.failed",
    message: (name) => `The disk could not read "${name}"`,
    hint: "The disk or its connection is failing. Copy the file elsewhere and check it.",
  },
};

/** What the system says when a file cannot be opened or read, as an error with a hint. Other errors are passed through. */
export function explainNodeError(error: unknown, name: string): unknown {
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string" || !/^E[A-Z]+$/.test(error.code)) return error;
  const known = explanations[error.code];
  return new FormatError(known?.code ?? "io.failed", known?.message(name) ?? `"${name}" cannot be read (${error.code})`, {
    file: name,
    found: error.code,
    hint: known?.hint,
  });
}
