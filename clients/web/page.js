/** The plain page: signs in, talks, and shows how full the context is and when it was compacted. */
import { call, Problem } from './api.js';

const at = (id) => document.getElementById(id);
const state = { user: null, permissions: [], thread: null };

async function start() {
  try {
    await showTable(await call('GET', '/auth/me'));
  } catch (error) {
    if (error.status !== 401) showProblem(error);
    showSignIn();
  }
}

function showSignIn() {
  state.user = null;
  at('sign-in').hidden = false;
  at('table').hidden = true;
  at('who').hidden = true;
  at('sign-in').elements.login.focus();
}

async function showTable({ user, permissions }) {
  Object.assign(state, { user, permissions });
  at('sign-in').hidden = true;
  at('table').hidden = false;
  at('who').hidden = false;
  at('name').textContent = user.display_name;
  at('compact').hidden = !permissions.includes('chat.compact');
  await listThreads();
}

async function listThreads() {
  const { items } = await call('GET', '/chat');
  at('threads').replaceChildren(
    ...items.map((thread) => {
      const open = element('button', { type: 'button', textContent: thread.title ?? 'New conversation' });
      if (thread.id === state.thread) open.setAttribute('aria-current', 'true');
      open.addEventListener('click', () => guard(() => openThread(thread.id)));
      return element('li', {}, open);
    }),
  );
}

async function openThread(id) {
  const [{ thread, usage }, transcript, events] = await Promise.all([
    call('GET', `/chat/${id}`),
    call('GET', `/chat/${id}/messages?limit=200`),
    call('GET', `/chat/${id}/events?limit=200`),
  ]);
  state.thread = id;
  at('talk').hidden = false;
  at('empty').hidden = true;
  at('title').textContent = thread.title ?? 'New conversation';
  at('messages').replaceChildren();
  const entries = [
    ...transcript.items.map((message) => ({ time: message.created_at, show: () => addMessage(message) })),
    ...events.items.map((event) => ({ time: event.ts, show: () => addBanner(event) })),
  ];
  for (const entry of entries.toSorted((a, b) => (a.time < b.time ? -1 : 1))) entry.show();
  showUsage(usage);
  await listThreads();
}

/** Text goes into the page as text, never as markup. */
function addMessage({ seq, role, author_id, name, content, tool_calls }) {
  const own = author_id === state.user.id && role === 'user';
  const who = name ?? (own ? state.user.display_name : role);
  const said = content || (tool_calls ?? []).map((one) => `${one.name}(${one.arguments})`).join('\n');
  append(
    element(
      'li',
      { className: `message ${role}` },
      element('b', { textContent: who }),
      element('small', { textContent: `#${seq}` }),
      element('p', { textContent: said }),
    ),
  );
}

function addBanner(event) {
  append(element('li', { className: 'banner', textContent: bannerText(event) }));
}

function bannerText(event) {
  const messages = event.before_messages - event.after_messages;
  const summary = event.summaries_added > 0 ? ' · + summary' : '';
  const saved = `${event.before_tokens} → ${event.after_tokens} tokens`;
  return `Conversation compacted · −${messages} messages${summary} · ${saved}`;
}

function append(item) {
  at('messages').append(item);
  item.scrollIntoView({ block: 'end' });
}

function showUsage(usage) {
  at('meter-text').textContent = `Context ${usage.usage_pct}% · Next compact at ${usage.next_compact_at_pct}%`;
  at('bar').setAttribute('aria-valuenow', String(Math.min(100, usage.usage_pct)));
  at('fill').style.width = `${Math.min(100, usage.usage_pct)}%`;
  at('fill').classList.toggle('near', usage.usage_pct >= usage.target_pct);
  at('trigger').style.left = `${usage.next_compact_at_pct}%`;
}

async function say(form) {
  const content = form.elements.content.value;
  const { message, usage, compaction } = await call('POST', `/chat/${state.thread}`, { content });
  form.reset();
  if (compaction) addBanner(compaction);
  addMessage(message);
  showUsage(usage);
  if (message.seq === 1) await openThread(state.thread);
}

async function compact() {
  const { event, usage } = await call('POST', `/chat/${state.thread}/compact-now`, {});
  addBanner(event);
  showUsage(usage);
}

function element(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

function showProblem(error) {
  const advice = (error.problem?.advice ?? []).map((one) => one.text);
  at('problem').textContent = [error.message, ...advice].join(' · ');
  at('problem').hidden = false;
}

/** Runs what a click or a form asks for; what goes wrong is shown, and a lost session leads back to the door. */
async function guard(work) {
  at('problem').hidden = true;
  try {
    await work();
  } catch (error) {
    if (error instanceof Problem && error.status === 401 && state.user !== null) showSignIn();
    showProblem(error);
  }
}

function onSubmit(id, work) {
  at(id).addEventListener('submit', (event) => {
    event.preventDefault();
    guard(() => work(event.target));
  });
}

onSubmit('sign-in', async (form) => {
  const { login, password } = form.elements;
  await call('POST', '/auth/login', { login: login.value, password: password.value });
  form.reset();
  await showTable(await call('GET', '/auth/me'));
});
onSubmit('say', say);
at('say').elements.content.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  at('say').requestSubmit();
});
at('new-thread').addEventListener('click', () => guard(async () => openThread((await call('POST', '/chat', {})).id)));
at('compact').addEventListener('click', () => guard(compact));
at('sign-out').addEventListener('click', () =>
  guard(async () => {
    await call('POST', '/auth/logout');
    location.reload();
  }),
);
start();
