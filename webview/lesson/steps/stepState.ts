import { parameterBounds } from "../../../src/protocol/lesson";
import { codeBits } from "../codeControls";

/** What the reader chose in one step carries on to the others. */
export interface StepChoices {
  /** Weights of the model that is spoken of. */
  parameters: number;
  /** Identifier of the device that it is to run on. */
  device: string;
  /** Of a code. */
  bits: number;
  symmetric: boolean;
}

const usual: StepChoices = { parameters: 7e9, device: "rtx-3060", bits: 4, symmetric: false };

/** The walkthrough as VS Code kept it with the page. What is no choice is the usual one; the step is yet to be checked. */
export function readStepState(state: unknown): { step: unknown; choices: StepChoices } {
  const { step, choices } = fieldsOf(state);
  const { parameters, device, bits, symmetric } = fieldsOf(choices);
  const { min, max } = parameterBounds;
  return {
    step,
    choices: {
      parameters: typeof parameters === "number" && parameters >= min && parameters <= max ? parameters : usual.parameters,
      device: typeof device === "string" ? device : usual.device,
      bits: codeBits.find((offered) => offered === bits) ?? usual.bits,
      symmetric: symmetric === true,
    },
  };
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}
