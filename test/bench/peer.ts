import path from "node:path";
import { LineProcess } from "./lineProcess";

/** The script that computes with NumPy or PyTorch. */
export const peerScript = path.join(__dirname, "peers.py");

/** What a peer found in one tensor. */
export interface PeerFigures {
  min: number;
  max: number;
  mean: number;
  std: number;
  counts: number[];
}

export interface PeerRun {
  /** Of the computing alone. */
  seconds: number;
  tensors: PeerFigures[];
}

/** NumPy or PyTorch in a process of its own that lives through all rounds and is told what to do over its stdin. */
export interface Peer {
  /** Library, version and threads. */
  readonly name: string;
  /** Has it read a file into memory. */
  load(file: string): Promise<void>;
  run(): Promise<PeerRun>;
  close(): void;
}

/** @param threads PyTorch may use; NumPy uses one */
export async function startPeer(python: string, library: "numpy" | "torch", threads: number): Promise<Peer> {
  const child = new LineProcess(python, [peerScript, library, String(threads)]);
  const { version } = await child.answer<{ version: string }>();
  return {
    name: `${library} ${version}`,
    load: async (file) => void (await child.ask(`load ${file}`)),
    run: () => child.ask<PeerRun>("run"),
    close: () => child.close(),
  };
}
