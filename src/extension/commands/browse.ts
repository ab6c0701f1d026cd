import * as vscode from "vscode";

const endings = [
  "safetensors",
  "gguf",
  "json",
  ...["pt", "pth", "bin", "ckpt"],
  ...["npy", "npz"],
  ...["onnx", "tflite", "h5", "hdf5", "keras"],
];

/** Asks for a file or folder. The dialog of most platforms shows either files or folders. */
export async function browseFor(what: "file" | "folder"): Promise<vscode.Uri | undefined> {
  const picked = await vscode.window.showOpenDialog({
    canSelectFiles: what === "file",
    canSelectFolders: what === "folder",
    openLabel: vscode.l10n.t("Open"),
    title: vscode.l10n.t("Open Checkpoint"),
    ...(what === "file" ? { filters: { [vscode.l10n.t("Checkpoints")]: endings, [vscode.l10n.t("All Files")]: ["*"] } } : {}),
  });
  return picked?.[0];
}
