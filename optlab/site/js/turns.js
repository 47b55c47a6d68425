// @ts-check
// One piece of work after the other, of those that wait the most urgent: what is in the window is not held up by what is
// below it.

/** @typedef {{ act: () => Promise<void>, urgency: () => number, done: () => void }} Turn */

/** @type {() => (act: () => Promise<void>, urgency: () => number) => Promise<void>} */
export function turns() {
  /** @type {Turn[]} */
  const waiting = [];
  let busy = false;
  const next = async () => {
    if (busy) return;
    busy = true;
    while (waiting.length) {
      const [turn] = waiting.sort((a, b) => a.urgency() - b.urgency()).splice(0, 1);
      await turn.act();
      turn.done();
    }
    busy = false;
  };
  return (act, urgency) => new Promise((done) => {
    waiting.push({ act, urgency, done: () => done() });
    void Promise.resolve().then(next); // whoever else comes in this moment is compared, too
  });
}
