import { installAnnouncer } from "../ui/announcer";
import "../ui/controls";
import { HostConnection } from "../ui/hostConnection";
import { LessonPage } from "./lessonPage";
import { LessonStore } from "./store";

const api = acquireVsCodeApi();
const host = new HostConnection(api);
const page = new LessonPage();
page.store = new LessonStore(host, api);
installAnnouncer();
document.getElementById("root")?.append(page);
host.listen();
void page.store.initialize();
