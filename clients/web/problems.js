/** Says what went wrong, with the advice that came with it, and takes it back when the next try begins. */
import { at, element } from './elements.js';

let onSignedOut = () => {};

/** What to do when an answer says that the session is over. */
export function whenSignedOut(lead) {
  onSignedOut = lead;
}

/** Runs what a click, a form or a link asks for. `again` offers a button that tries it once more. */
export async function attempt(work, { again = false, signingIn = false } = {}) {
  clearProblem();
  try {
    await work();
  } catch (problem) {
    if (problem.status === undefined) throw problem;
    if (problem.status === 401 && !signingIn) {
      onSignedOut();
      showProblem({ message: 'Your session has ended. Sign in to go on.', advice: [] }, null);
    } else showProblem(problem, again ? () => attempt(work, { again }) : null);
  }
}

export function clearProblem() {
  at('problem').hidden = true;
  at('problem').replaceChildren();
}

function showProblem({ message, advice }, retry) {
  const parts = [element('p', { textContent: message })];
  if (advice.length > 0) parts.push(element('ul', {}, ...advice.map((text) => element('li', { textContent: text }))));
  if (retry !== null) parts.push(element('button', { type: 'button', textContent: 'Try again', onclick: retry }));
  at('problem').replaceChildren(...parts);
  at('problem').hidden = false;
}
