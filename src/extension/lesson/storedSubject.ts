/** The checkpoint and tensor that a page was about, of what VS Code kept of it; undefined where that says nothing. */
export function storedSubject(state: unknown): { uri: string; tensor: string | undefined } | undefined {
  const fields = new Map(typeof state === "object" && state !== null ? Object.entries(state) : []);
  const text = (key: string): string | undefined => {
    const value: unknown = fields.get(key);
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const uri = text("uri");
  // Without a scheme VS Code takes it for a file, whatever it is.
  return uri !== undefined && /^[a-z][a-z\d+.-]*:/i.test(uri) ? { uri, tensor: text("tensor") } : undefined;
}
