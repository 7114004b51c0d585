/** The list of conversations. */
import { call } from './api.js';
import { at, element } from './elements.js';

/** The cursor of the next page, null at the end, and the conversations of all pages so far. */
let next = null;
let threads = [];

export function titleOf(thread) {
  return thread.title ?? 'New conversation';
}

export async function listThreads() {
  const page = await call('GET', '/chat');
  threads = page.items;
  show(page);
}

export async function listMoreThreads() {
  const page = await call('GET', `/chat?cursor=${encodeURIComponent(next)}`);
  threads = [...threads, ...page.items];
  show(page);
}

/** Whether the conversation is the first of the list, which is ordered by last activity. */
export function isLatest(id) {
  return threads[0]?.id === id;
}

/** Marks the open conversation as the current one, for its style and for screen readers. */
export function markThread(id) {
  for (const link of at('threads').querySelectorAll('a')) {
    if (link.hash === `#${id}`) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
}

function show({ next_cursor }) {
  next = next_cursor;
  at('more-threads').hidden = next === null;
  const links = threads.map((thread) => element('a', { href: `#${thread.id}`, textContent: titleOf(thread) }));
  at('threads').replaceChildren(...links.map((link) => element('li', {}, link)));
  markThread(location.hash.slice(1));
}
