import { installAnnouncer } from "../ui/announcer";
import "../ui/controls";
import { HostConnection } from "../ui/hostConnection";
import { EditorPage } from "./editorPage";
import { EditorStore } from "./store";

const api = acquireVsCodeApi();
const host = new HostConnection(api);
const store = new EditorStore(host, api);
const page = new EditorPage();
page.store = store;
// The page has menus of its own; cut and paste have no meaning in it.
document.body.dataset.vscodeContext = JSON.stringify({ preventDefaultContextMenuItems: true });
installAnnouncer();
document.getElementById("root")?.append(page);
host.listen();
void store.initialize();
