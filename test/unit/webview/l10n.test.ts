import assert from "node:assert/strict";
import { setStrings, t } from "../../../webview/ui/l10n";

describe("webview l10n", () => {
  afterEach(() => setStrings({}));

  it("puts arguments in where they belong", () => {
    assert.equal(t("{0} of {1} tensors", 12, "39"), "12 of 39 tensors");
    assert.equal(t("{1}, {0}, {1}", "a", "b"), "b, a, b");
    assert.equal(t("{0} and {1}", "one"), "one and {1}");
  });

  it("does not read placeholders in arguments", () => {
    assert.equal(t("No tensor matches “{0}”.", "{1}"), "No tensor matches “{1}”.");
  });

  it("translates, and stays English for what is missing", () => {
    setStrings({ "{0} tensors": "{0} Tensoren" });
    assert.equal(t("{0} tensors", 3), "3 Tensoren");
    assert.equal(t("Values"), "Values");
    assert.equal(t("constructor"), "constructor");
  });
});
