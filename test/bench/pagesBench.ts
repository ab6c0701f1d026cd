import { mkdirSync } from "node:fs";
import type { Frame, Locator } from "playwright-core";
import type { TestWindow } from "../e2e/support/window";
import { clickAtOnce, closePages, firstPaint, inEachVersion, type MeasuredHost } from "./benchWindow";
import type { Bar, ResultRow } from "./results";

/** The pages that teach. */
interface TaughtPage {
  /** Of its script, see `pageDocument`. */
  page: string;
  command: string;
  /** What makes the page be there; of those that begin with figures, the first of them. */
  content: string;
  controls: readonly MovedControl[];
}

/** What the arrow keys move. */
interface MovedControl {
  name: string;
  find(frame: Frame): Locator;
  /** What a job computes for it, and every step of it changes. */
  figures: string;
}

const [numberLine, sizes] = ["section[data-section=numberLine]", "section[data-section=impact]"] as const;

const taughtPages: readonly TaughtPage[] = [
  {
    page: "lesson",
    command: "Open Lesson",
    content: "main.lesson-page h1",
    controls: [
      {
        name: "bits of the number line",
        find: (frame) => frame.locator(numberLine).getByRole("radiogroup", { name: "Bits" }).getByRole("radio", { checked: true }),
        figures: `${numberLine} .tiles`,
      },
      {
        name: "size of the model",
        find: (frame) => frame.locator(sizes).getByRole("slider").first(),
        figures: `${sizes} svg.chart`,
      },
    ],
  },
  {
    page: "playground",
    command: "Open Playground",
    content: "section.values .tile",
    controls: [{ name: "bits", find: (frame) => frame.getByRole("slider", { name: "Bits" }), figures: "section.values .tiles" }],
  },
  { page: "estimate", command: "Open Size Estimator", content: "main.estimate-page [role=row]", controls: [] },
];

/** What a page that was closed leaves to do, and what one that was opened measures at first, is done by then. */
const settledMs = 1000;
/** Steps of one control in one round: four up, four down, and again. */
const steps = 16;

/** Milliseconds from the choice in the command palette to the frame in which the page is there. */
async function openMs(window: TestWindow, { command }: TaughtPage): Promise<number> {
  await closePages(window, settledMs);
  const title = `Quantscope: ${command}`;
  const row = await window.workbench.palette(title, 10_000);
  if (!row) throw new Error(`no command "${title}"`);
  const started = await clickAtOnce(window, row);
  return (await firstPaint(window)) - started;
}

/**
 * Runs in the page: notes for each key how long it took until the figures had changed and were painted, from when the browser
 * got the key. As text: what compiles tests would wrap functions in a helper.
 */
const noteRedraws = (figures: string): string => `{
  globalThis.redraws = [];
  let pressed;
  addEventListener("keydown", (event) => (pressed = event.timeStamp), true);
  new MutationObserver(() => {
    if (pressed === undefined) return;
    const from = pressed;
    pressed = undefined;
    requestAnimationFrame(() => setTimeout(() => globalThis.redraws.push(performance.now() - from)));
  }).observe(document.querySelector(${JSON.stringify(figures)}), { subtree: true, childList: true, characterData: true });
}`;

/** Milliseconds of every step of a control in the page in front. */
async function redrawMs({ workbench, page }: TestWindow, { find, figures }: MovedControl): Promise<number[]> {
  const frame = await workbench.editorFrame();
  const control = find(frame);
  await control.scrollIntoViewIfNeeded();
  await frame.locator(figures).waitFor();
  await page.waitForTimeout(settledMs);
  await control.focus();
  await frame.evaluate(noteRedraws(figures));
  for (let step = 0; step < steps; step++) {
    await page.keyboard.press(step % 8 < 4 ? "ArrowRight" : "ArrowLeft");
    await frame.waitForFunction(`globalThis.redraws.length > ${step}`);
  }
  return (await frame.evaluate("globalThis.redraws")) as number[];
}

async function measure(window: TestWindow, { version, isNewest, row }: MeasuredHost, rounds: number): Promise<ResultRow[]> {
  const bar = (atMost: number): Bar | undefined => (isNewest ? { atMost } : undefined);
  const found = new Map<TaughtPage | MovedControl, number[]>();
  const keep = (of: TaughtPage | MovedControl, ms: readonly number[]): void => void found.set(of, [...(found.get(of) ?? []), ...ms]);
  for (const page of taughtPages) await openMs(window, page);
  for (let round = 0; round < rounds; round++) {
    console.error(`pages: VS Code ${version}, round ${round + 1} of ${rounds}`);
    for (const page of taughtPages) {
      keep(page, [await openMs(window, page)]);
      for (const control of page.controls) keep(control, await redrawMs(window, control));
    }
  }
  return [
    ...taughtPages.map((page) => row(`${page.command}, warm`, found.get(page)!, bar(1000))),
    ...taughtPages.flatMap(({ page, controls }) =>
      controls.map((control) => row(`${page}: ${control.name}, a step redrawn`, found.get(control)!, bar(50))),
    ),
  ];
}

/**
 * The pages that teach in a real VS Code: opening each once more in a window, and moving what changes their figures, which jobs
 * compute, the playground's and the number line's from the sample checkpoint.
 */
export function runPagesBench(at: (name: string) => string, rounds: number): Promise<ResultRow[]> {
  const folder = at("pages");
  mkdirSync(folder);
  const contents = Object.fromEntries(taughtPages.map(({ page, content }) => [page, content]));
  return inEachVersion("pages", folder, contents, (window, host) => measure(window, host, rounds));
}
