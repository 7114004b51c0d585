/** The open conversation: its transcript with compactions, sending messages, and compacting now. */
import { call } from './api.js';
import { at, element } from './elements.js';
import { bannerText, savedText, showUsage } from './meter.js';
import { titleOf } from './threads.js';

/** Messages, and events, per request. */
const PAGE = 50;
const EVENTS = 100;

/**
 * The open conversation, or null: `events` are those that are loaded but not shown yet, newest first; `older` and
 * `olderEvents` are the cursors of the next pages, null at the end.
 */
let open = null;
/** Text that was typed but not sent, by conversation. */
const drafts = new Map();

/** Shows a conversation with its newest messages. Does nothing if the address has changed during the requests. */
export async function openThread(id, user) {
  const [{ thread, usage }, messages, events] = await Promise.all([
    call('GET', `/chat/${id}`),
    call('GET', `/chat/${id}/messages?limit=${PAGE}`),
    call('GET', `/chat/${id}/events?limit=${EVENTS}`),
  ]);
  if (location.hash !== `#${id}`) return;
  keepDraft();
  open = { id, user, older: messages.next_cursor, events: events.items, olderEvents: events.next_cursor };
  at('content').value = drafts.get(id) ?? '';
  showTitle(titleOf(thread));
  at('messages').replaceChildren(...(await itemsOf(messages.items)));
  at('older').hidden = open.older === null;
  showUsage(usage);
}

export function closeThread() {
  keepDraft();
  open = null;
  at('messages').replaceChildren();
  document.title = 'Tavernkeep';
}

export function forgetDrafts() {
  drafts.clear();
  at('content').value = '';
}

/**
 * Adds the page before the oldest message shown. The scroll position is adjusted, so that visible messages do not move.
 */
export async function showOlder() {
  const { items, next_cursor } = await call(
    'GET',
    `/chat/${open.id}/messages?limit=${PAGE}&cursor=${encodeURIComponent(open.older)}`,
  );
  open.older = next_cursor;
  const scroll = at('scroll');
  const below = scroll.scrollHeight - scroll.scrollTop;
  at('messages').prepend(...(await itemsOf(items)));
  at('older').hidden = open.older === null;
  scroll.scrollTop = scroll.scrollHeight - below;
  if (open.older === null) scroll.focus();
}

/**
 * Sends the typed message and returns the response. The text is cleared only once the server has stored the message.
 */
export async function say() {
  const { id, user } = open;
  const content = at('content').value;
  const answer = await call('POST', `/chat/${id}`, { content });
  drafts.delete(id);
  // Another conversation may have been opened, or more text typed, while the request was in progress.
  if (open?.id !== id) return answer;
  if (at('content').value === content) at('content').value = '';
  if (answer.compaction) announce(answer.compaction);
  append(messageItem(answer.message, user));
  showUsage(answer.usage);
  return answer;
}

export async function compactNow() {
  const { event, usage } = await call('POST', `/chat/${open.id}/compact-now`, {});
  announce(event);
  showUsage(usage);
}

export function showTitle(title) {
  at('title').textContent = title;
  document.title = `${title} · Tavernkeep`;
}

function keepDraft() {
  if (open !== null) drafts.set(open.id, at('content').value);
}

function announce(event) {
  append(bannerItem(event));
  at('news').textContent = `${bannerText(event)}, ${savedText(event)}`;
}

function append(item) {
  at('messages').append(item);
  item.scrollIntoView({ block: 'end' });
}

/** The list items of a page of messages, with a banner for each compaction before the message that caused it. */
async function itemsOf(messages) {
  const events = await eventsSince(open.older === null ? '' : messages[0].created_at);
  const banners = Array.from({ length: messages.length + 1 }, () => []);
  for (const event of events) banners[indexOf(event, messages)].push(bannerItem(event));
  const items = messages.flatMap((message, index) => [...banners[index], messageItem(message, open.user)]);
  return [...items, ...banners[messages.length]];
}

/**
 * The index of the message before which an event's banner belongs. An automatic compaction happens during the append of
 * the message that it precedes; any other event happens after the messages before it.
 */
function indexOf({ ts, trigger }, messages) {
  const latest = messages.findLastIndex(({ created_at }) => created_at <= ts);
  return trigger === 'auto' ? Math.max(0, latest) : latest + 1;
}

/** Takes the events from `time` on out of those not shown yet, loading more if needed. Returns them oldest first. */
async function eventsSince(time) {
  while (open.olderEvents !== null && (open.events.at(-1)?.ts ?? '') >= time) {
    const page = await call(
      'GET',
      `/chat/${open.id}/events?limit=${EVENTS}&cursor=${encodeURIComponent(open.olderEvents)}`,
    );
    open.events.push(...page.items);
    open.olderEvents = page.next_cursor;
  }
  const taken = open.events.filter((event) => event.ts >= time);
  open.events = open.events.filter((event) => event.ts < time);
  return taken.reverse();
}

function messageItem({ seq, role, author_id, name, content, tool_calls, created_at }, user) {
  const own = author_id === user.id && role === 'user' && name === undefined;
  const calls = (tool_calls ?? []).map((one) => `${one.name}(${one.arguments})`).join('\n');
  const createdAt = new Date(created_at);
  return element(
    'li',
    { className: `message ${role}${own ? ' own' : ''}` },
    element('b', { textContent: name ?? (own ? user.display_name : role) }),
    element('small', {}, `#${seq} · `, element('time', { dateTime: created_at, textContent: timeOf(createdAt) })),
    element('p', { textContent: [content, calls].filter((text) => text !== '').join('\n') }),
  );
}

/** The time in the user's locale, with the date if it is not today. */
function timeOf(time) {
  const today = time.toDateString() === new Date().toDateString();
  return time.toLocaleString(undefined, { ...(today ? {} : { dateStyle: 'medium' }), timeStyle: 'short' });
}

/** Who compacted by hand; nothing for a compaction that an append needed, or where that user is gone. */
function byText({ by }) {
  if (by === null) return '';
  return by === open.user.id ? ' · by you' : ' · by another';
}

function bannerItem(event) {
  return element(
    'li',
    { className: 'banner' },
    element('span', { textContent: bannerText(event) }),
    element('small', { textContent: `${savedText(event)}${byText(event)}` }),
  );
}
