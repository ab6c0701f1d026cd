/**
 * What a tab about a file is called: the file's name, with as many folders before it as tell it from the others.
 *
 * @param path of the file, with slashes
 * @param others paths that other tabs of the kind are about
 */
export function tabName(path: string, others: readonly string[]): string {
  const parts = path.split("/").filter((part) => part !== "");
  for (let count = 1; count < parts.length; count++) {
    const name = parts.slice(-count).join("/");
    if (!others.some((other) => other !== path && other.endsWith(`/${name}`))) return name;
  }
  return path;
}
