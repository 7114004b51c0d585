/** The plain page: signs in, lists and opens conversations, and joins what is clicked to what is done. */
import { call } from './api.js';
import { at } from './elements.js';
import { attempt, whenSignedOut } from './problems.js';
import { closeThread, compactNow, forgetDrafts, openThread, say, showOlder, showTitle } from './talk.js';
import { isLatest, listMoreThreads, listThreads, markThread, titleOf } from './threads.js';

const wide = matchMedia('(min-width: 44rem)');
let user = null;

async function start() {
  try {
    await enter(await call('GET', '/auth/me'));
  } catch (problem) {
    if (problem.status !== 401) throw problem;
    showSignIn();
  }
}

function showSignIn() {
  at('sign-in').hidden = false;
  at('table').hidden = true;
  at('who').hidden = true;
  at('sign-in').elements[at('sign-in').elements.login.value === '' ? 'login' : 'password'].focus();
}

/** Another user than the one before finds nothing that the other one typed. */
async function enter(me) {
  if (user !== null && user.id !== me.user.id) forgetDrafts();
  user = me.user;
  at('sign-in').hidden = true;
  at('table').hidden = false;
  at('who').hidden = false;
  at('name').textContent = user.display_name;
  at('compact').hidden = !me.permissions.includes('chat.compact');
  await Promise.all([listThreads(), showAddressed()]);
}

/** Opens the conversation that the address names, so that reload, links and the back button lead where they should. */
async function showAddressed() {
  const id = addressed();
  at('table').classList.toggle('open', id !== '');
  at('empty').hidden = id !== '';
  at('talk').hidden = true;
  markThread(id);
  if (id === '') {
    closeThread();
    return;
  }
  await openThread(id, user).catch((problem) => {
    if (problem.status === 404) leaveThread();
    throw problem;
  });
  if (addressed() !== id) return;
  at('talk').hidden = false;
  at('scroll').scrollTop = at('scroll').scrollHeight;
  at(wide.matches ? 'content' : 'title').focus();
}

function addressed() {
  return location.hash.slice(1);
}

/** Back to the list, with what is on the screen of problems left as it is. */
function leaveThread() {
  history.replaceState(null, '', location.pathname);
  at('table').classList.remove('open');
  at('empty').hidden = false;
  closeThread();
}

async function signIn() {
  const { login, password } = at('sign-in').elements;
  try {
    await call('POST', '/auth/login', { login: login.value, password: password.value });
  } catch (problem) {
    password.select();
    throw problem;
  }
  password.value = '';
  await enter(await call('GET', '/auth/me'));
}

async function signOut() {
  await call('POST', '/auth/logout');
  history.replaceState(null, '', location.pathname);
  location.reload();
}

async function startThread() {
  const { id } = await call('POST', '/chat', {});
  location.hash = id;
  await listThreads();
}

async function send() {
  const { message } = await say();
  const id = addressed();
  if (message.seq > 1 && isLatest(id)) return;
  await listThreads();
  if (message.seq === 1) showTitle(titleOf((await call('GET', `/chat/${id}`)).thread));
}

/** One at a time: a second click while the first one is under way does nothing. */
function once(work) {
  let busy = false;
  return async (event) => {
    event.preventDefault();
    if (busy) return;
    busy = true;
    await work().finally(() => {
      busy = false;
    });
  };
}

at('sign-in').addEventListener(
  'submit',
  once(() => attempt(signIn, { signingIn: true })),
);
at('sign-out').addEventListener(
  'click',
  once(() => attempt(signOut)),
);
at('new-thread').addEventListener(
  'click',
  once(() => attempt(startThread)),
);
at('more-threads').addEventListener(
  'click',
  once(() => attempt(listMoreThreads)),
);
at('back').addEventListener('click', () => {
  location.hash = '';
});
at('older').addEventListener(
  'click',
  once(() => attempt(showOlder)),
);
at('compact').addEventListener(
  'click',
  once(() => attempt(compactNow)),
);
at('say').addEventListener(
  'submit',
  once(() => attempt(send)),
);
at('content').addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  at('say').requestSubmit();
});
addEventListener('hashchange', () => user !== null && attempt(showAddressed, { again: true }));
whenSignedOut(showSignIn);
await attempt(start, { again: true });
