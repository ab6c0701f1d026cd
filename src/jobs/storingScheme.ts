import { UsageError } from "../core/errors";
import { findScheme, isByteScheme } from "../core/quant/registry";
import type { ByteScheme } from "../core/quant/scheme";

/** The scheme that stores a ggml type. @throws UsageError `unknown-type` where there is no quantizer for it */
export function storingScheme(type: string): ByteScheme {
  const scheme = findScheme(type);
  if (isByteScheme(scheme)) return scheme;
  throw new UsageError("unknown-type", `"${type}" is no type with bytes of its own`, { found: type });
}
