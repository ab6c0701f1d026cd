import * as vscode from "vscode";
import { CancelledError } from "../../core/errors";
import { DisposableStore } from "../emitter";

/** Where in a row of questions one is. */
export interface StepFrame {
  readonly title: string;
  readonly step: number;
  readonly totalSteps: number;
}

export interface StepItem extends vscode.QuickPickItem {
  /** Shown, with the reason in its description, but not to be chosen. */
  readonly isDisabled?: boolean;
}

/** The label of what is shown but cannot be chosen. */
export function disabled(label: string): string {
  return `$(circle-slash) ${label}`;
}

/**
 * One question with given answers.
 *
 * @returns the chosen item; undefined to go back
 * @throws CancelledError
 */
export function pickStep<T extends StepItem>(
  frame: StepFrame,
  { items, placeholder, active }: { items: readonly T[]; placeholder: string; active?: T },
): Promise<T | undefined> {
  const picker = vscode.window.createQuickPick<T>();
  picker.items = items;
  picker.placeholder = placeholder;
  picker.matchOnDescription = true;
  // Without an active item Enter would do nothing.
  const first = active ?? items.find((item) => item.isDisabled !== true && item.kind !== vscode.QuickPickItemKind.Separator);
  picker.activeItems = first ? [first] : [];
  return answerOf(picker, frame, () => {
    const [chosen] = picker.selectedItems;
    return chosen?.isDisabled === true ? undefined : chosen;
  });
}

/**
 * One question that is answered by typing.
 *
 * @param check says what is wrong with a text; undefined if nothing is
 * @returns the text; undefined to go back
 * @throws CancelledError
 */
export function inputStep(
  frame: StepFrame,
  { value, prompt, placeholder, check }: { value: string; prompt: string; placeholder: string; check(text: string): string | undefined },
): Promise<string | undefined> {
  const input = vscode.window.createInputBox();
  input.value = value;
  input.prompt = prompt;
  input.placeholder = placeholder;
  // What is empty is only begun, until it is entered.
  const typing = input.onDidChangeValue((text) => {
    input.validationMessage = text === "" ? undefined : check(text);
  });
  const entered = (): string | undefined => {
    input.validationMessage = check(input.value);
    return input.validationMessage === undefined ? input.value : undefined;
  };
  return answerOf(input, frame, entered, typing);
}

type StepPrompt = vscode.QuickInput & {
  buttons: readonly vscode.QuickInputButton[];
  readonly onDidAccept: vscode.Event<void>;
  readonly onDidTriggerButton: vscode.Event<vscode.QuickInputButton>;
};

/** Shows a question until it is answered: `read` gives the answer that is accepted, or undefined to go on asking. */
function answerOf<T>(
  prompt: StepPrompt,
  { title, step, totalSteps }: StepFrame,
  read: () => T | undefined,
  ...subscriptions: vscode.Disposable[]
): Promise<T | undefined> {
  Object.assign(prompt, { title, step, totalSteps, ignoreFocusOut: true });
  prompt.buttons = step > 1 ? [vscode.QuickInputButtons.Back] : [];
  const store = new DisposableStore();
  for (const subscription of [prompt, ...subscriptions]) store.add(subscription);
  return new Promise<T | undefined>((resolve, reject) => {
    store.add(
      prompt.onDidAccept(() => {
        const answer = read();
        if (answer !== undefined) resolve(answer);
      }),
    );
    store.add(prompt.onDidTriggerButton(() => resolve(undefined)));
    store.add(prompt.onDidHide(() => reject(new CancelledError())));
    prompt.show();
  }).finally(() => store.dispose());
}
