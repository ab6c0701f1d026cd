/**
 * The tests of the surrounding `describe` are steps of one journey: after one has failed the others are skipped, and counted so.
 * Mocha's `bail` would leave a suite out without a word when a test of another file has failed.
 */
export function stepwise(): void {
  let isBroken = false;
  beforeEach(function () {
    if (isBroken) this.skip();
  });
  afterEach(function () {
    isBroken ||= this.currentTest?.state === "failed";
  });
}
