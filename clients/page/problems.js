/** Says what went wrong, with the advice that came with it, or what is done, and takes it back when the next try begins. */
import { at, element } from './elements.js';

let onSignedOut = () => {};

/** What to do when an answer says that the session is over. */
export function whenSignedOut(lead) {
  onSignedOut = lead;
}

/** Runs what a click, a form or a link asks for. `again` offers a button that tries it once more, where that may help. */
export async function attempt(work, { again = false, signingIn = false } = {}) {
  clear('problem');
  clear('notice');
  try {
    await work();
  } catch (problem) {
    if (problem.status === undefined) throw problem;
    if (problem.status === 401 && !signingIn) {
      onSignedOut();
      showProblem({ message: 'Your session has ended. Sign in to go on.', advice: [] }, null);
    } else showProblem(problem, again && mayPass(problem) ? () => attempt(work, { again }) : null);
  }
}

/** One at a time: a second click while the first one is under way does nothing. */
export function once(work) {
  let busy = false;
  return async (event) => {
    event.preventDefault();
    if (busy) return;
    busy = true;
    await work(event).finally(() => {
      busy = false;
    });
  };
}

/** Says what is done. `button` has the properties of one that leads on, or is null. */
export function showNotice(words, button = null) {
  const parts = [element('p', { textContent: words })];
  if (button !== null) parts.push(element('button', { type: 'button', ...button }));
  reveal('notice', parts);
}

/** Where it stands below all that there is, it may be out of view. */
function reveal(id, parts) {
  at(id).replaceChildren(...parts);
  at(id).hidden = false;
  at(id).scrollIntoView({ block: 'nearest' });
}

function clear(id) {
  at(id).hidden = true;
  at(id).replaceChildren();
}

/** No answer, too many requests, or a fault of the server: what was asked for is not what is wrong. */
function mayPass({ status }) {
  return status === 0 || status === 429 || status >= 500;
}

function showProblem({ message, advice }, retry) {
  const parts = [element('p', { textContent: message })];
  if (advice.length > 0) parts.push(element('ul', {}, ...advice.map((text) => element('li', { textContent: text }))));
  if (retry !== null) parts.push(element('button', { type: 'button', textContent: 'Try again', onclick: retry }));
  reveal('problem', parts);
}
