import { installAnnouncer } from "../ui/announcer";
import "../ui/controls";
import { HostConnection } from "../ui/hostConnection";
import { EstimatePage } from "./estimatePage";
import { EstimateStore } from "./store";

const api = acquireVsCodeApi();
const host = new HostConnection(api);
const page = new EstimatePage();
page.store = new EstimateStore(host, api);
// The page has menus of its own; cut and paste have no meaning in it.
document.body.dataset.vscodeContext = JSON.stringify({ preventDefaultContextMenuItems: true });
installAnnouncer();
document.getElementById("root")?.append(page);
host.listen();
void page.store.initialize();
