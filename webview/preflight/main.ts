import { installAnnouncer } from "../ui/announcer";
import "../ui/controls";
import { HostConnection } from "../ui/hostConnection";
import { PreflightPage } from "./preflightPage";

const page = new PreflightPage();
page.host = new HostConnection(acquireVsCodeApi());
// The page has menus of its own; cut and paste have no meaning in it.
document.body.dataset.vscodeContext = JSON.stringify({ preventDefaultContextMenuItems: true });
installAnnouncer();
document.getElementById("root")?.append(page);
page.host.listen();
void page.initialize();
