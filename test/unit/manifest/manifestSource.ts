import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import ts from "typescript";

export const root = path.join(__dirname, "..", "..", "..");

export interface Manifest {
  contributes: {
    commands: { command: string; title: string; enablement?: string; icon?: string }[];
    menus: Record<string, { command: string; when?: string; group?: string }[]>;
    views: Record<string, { id: string; icon: string }[]>;
    viewsContainers: { activitybar: { id: string; icon: string }[] };
    viewsWelcome: { view: string; contents: string }[];
    walkthroughs: {
      id: string;
      steps: { id: string; description: string; media: { svg: string; altText: string }; completionEvents: string[] }[];
    }[];
    customEditors: { viewType: string; priority: string; selector: { filenamePattern: string }[] }[];
    configuration: {
      properties: Record<
        string,
        {
          default: unknown;
          enum?: string[];
          minimum?: number;
          maximum?: number;
          markdownDescription: string;
          markdownEnumDescriptions?: string[];
        }
      >;
    };
  };
  icon: string;
  l10n: string;
  activationEvents: string[];
}

export function readJson<T>(relative: string): T {
  return JSON.parse(readFileSync(path.join(root, relative), "utf8")) as T;
}

export const manifest = readJson<Manifest>("package.json");

/** All TypeScript files below a folder of the repository, parsed. */
export function sources(folder: string): ts.SourceFile[] {
  const start = path.join(root, folder);
  if (!existsSync(start)) return [];
  return readdirSync(start, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && statSync(path.join(start, name)).isFile())
    .map((name) => ts.createSourceFile(name, readFileSync(path.join(start, name), "utf8"), ts.ScriptTarget.Latest, true));
}

/** What `pick` finds in any node of the files. */
export function collect<T>(files: readonly ts.SourceFile[], pick: (node: ts.Node) => T | undefined): T[] {
  const found: T[] = [];
  const visit = (node: ts.Node): void => {
    const item = pick(node);
    if (item !== undefined) found.push(item);
    ts.forEachChild(node, visit);
  };
  files.forEach(visit);
  return found;
}

/** First arguments of calls whose callee reads `callee`; a call with another kind of argument is reported as a failure. */
export function literalArguments(files: readonly ts.SourceFile[], callee: RegExp): string[] {
  return collect(files, (node) => {
    if (!ts.isCallExpression(node) || !callee.test(node.expression.getText())) return undefined;
    const [first] = node.arguments;
    if (first && ts.isStringLiteralLike(first)) return first.text;
    throw new Error(`${node.getSourceFile().fileName}: ${node.getText()} has no literal text`);
  });
}

export function sorted(values: Iterable<string>): string[] {
  return [...new Set(values)].sort();
}
