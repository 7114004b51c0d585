/** The list of conversations. */
import { call } from './api.js';
import { at, element } from './elements.js';

let next = null;
let shown = [];

export function titleOf(thread) {
  return thread.title ?? 'New conversation';
}

export async function listThreads() {
  const page = await call('GET', '/chat');
  shown = page.items;
  show(page);
}

export async function listMoreThreads() {
  const page = await call('GET', `/chat?cursor=${encodeURIComponent(next)}`);
  shown = [...shown, ...page.items];
  show(page);
}

/** Whether the conversation stands first in the list, as the latest one does. */
export function isLatest(id) {
  return shown[0]?.id === id;
}

export function markThread(id) {
  for (const link of at('threads').querySelectorAll('a')) {
    if (link.hash === `#${id}`) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
}

function show({ next_cursor }) {
  next = next_cursor;
  at('more-threads').hidden = next === null;
  const links = shown.map((thread) => element('a', { href: `#${thread.id}`, textContent: titleOf(thread) }));
  at('threads').replaceChildren(...links.map((link) => element('li', {}, link)));
  markThread(location.hash.slice(1));
}
