/** Shows problems, with their advice, and notices, and clears both when the next action begins. */
import { at, element } from './elements.js';

let onSignedOut = () => {};

/** Sets what happens when a response shows that the session has ended. */
export function whenSignedOut(lead) {
  onSignedOut = lead;
}

/**
 * Runs an action of the user and shows its problem, if it throws one. `again`: offer a button that repeats the action
 * where that may help. `signingIn`: a 401 is the answer to wrong credentials and not the end of a session.
 */
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

/** Returns an event handler that ignores events while the last one is still being handled. */
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

/** Shows a notice. `button` is the properties of a button to continue with, or null. */
export function showNotice(words, button = null) {
  const parts = [element('p', { textContent: words })];
  if (button !== null) parts.push(element('button', { type: 'button', ...button }));
  reveal('notice', parts);
}

/** Shows why something was refused that the user did on another page. */
export function showRefusal(words) {
  showProblem({ message: words, advice: [] }, null);
}

/** Fills and shows an element, and scrolls to it, because it may be below the visible part of the page. */
function reveal(id, parts) {
  at(id).replaceChildren(...parts);
  at(id).hidden = false;
  at(id).scrollIntoView({ block: 'nearest' });
}

function clear(id) {
  at(id).hidden = true;
  at(id).replaceChildren();
}

/** Whether the same request may succeed later: after no response, too many requests, or a failure of the server. */
function mayPass({ status }) {
  return status === 0 || status === 429 || status >= 500;
}

function showProblem({ message, advice }, retry) {
  const parts = [element('p', { textContent: message })];
  if (advice.length > 0) parts.push(element('ul', {}, ...advice.map((text) => element('li', { textContent: text }))));
  if (retry !== null) parts.push(element('button', { type: 'button', textContent: 'Try again', onclick: retry }));
  reveal('problem', parts);
}
