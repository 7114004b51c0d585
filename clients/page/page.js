/** The plain page: signs in, lists and opens conversations, and joins what is clicked to what is done. */
import { call } from './api.js';
import { closeThread, compactNow, forgetDrafts, openThread, say, showOlder, showTitle } from './conversation.js';
import { at } from './elements.js';
import { focusLink, leadFromLinks, leaveLink, placeLink, readLink, takeLink } from './links.js';
import { attempt, once, showNotice, whenSignedOut } from './problems.js';
import { isLatest, listMoreThreads, listThreads, markThread, titleOf } from './threads.js';

const wide = matchMedia('(min-width: 44rem)');
/** Who is signed in, or was when the session ended. */
let user = null;
let signedIn = false;

async function start() {
  const me = await whoIsHere();
  if (me !== null) return enter(me);
  signedIn = false;
  await show();
}

/** Null where nobody is signed in. */
async function whoIsHere() {
  try {
    return await call('GET', '/auth/me');
  } catch (problem) {
    if (problem.status !== 401) throw problem;
    return null;
  }
}

/** Another user than the one before finds nothing that the other one typed. */
async function enter(me) {
  if (user !== null && user.id !== me.user.id) forgetDrafts();
  user = me.user;
  signedIn = true;
  at('name').textContent = user.display_name;
  at('compact').hidden = !me.permissions.includes('chat.compact');
  await show();
}

/** The link that was opened goes first, then the sign-in, then the conversation that the address names. */
async function show() {
  try {
    await readLink();
  } finally {
    if (arrange() && signedIn) await Promise.all([listThreads(), showAddressed()]);
    else focusFirst();
  }
}

/** True where no link stands before everything else. */
function arrange({ signIn = !signedIn } = {}) {
  const link = placeLink(signedIn ? user : null);
  at('sign-in').hidden = !signIn || link === 'set-password';
  at('table').hidden = signIn || link !== null;
  at('who').hidden = !signedIn;
  return link === null;
}

/** With words on how the link was answered, if it was. The focus goes where the next key is of use. */
async function goOn(words) {
  if (words !== undefined) showNotice(words);
  await show();
  if (document.activeElement === document.body) at('new-thread').focus();
}

function focusFirst() {
  const { login, password } = at('sign-in').elements;
  if (!focusLink()) (login.value === '' ? login : password).focus();
}

function signedOut() {
  signedIn = false;
  arrange();
  focusFirst();
}

/** Whoever was signed in here as somebody else still is, until the next sign-in. */
async function toSignIn(words) {
  const me = await whoIsHere().catch(() => null);
  signedIn = me !== null;
  arrange({ signIn: true });
  at('sign-in').reset();
  focusFirst();
  showNotice(
    words,
    signedIn
      ? { textContent: `Go on as ${me.user.display_name}`, onclick: () => attempt(start, { again: true }) }
      : null,
  );
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

/** A link that is clicked while the page is open comes before all else; any other address leads away from one. */
async function followAddress() {
  const linked = takeLink() || leaveLink();
  if (!linked && !signedIn) return;
  await attempt(linked || at('table').hidden ? show : showAddressed, { again: true });
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

/** A reload forgets everything, but a link that waits for an answer stays: it may be for somebody else. */
async function signOut() {
  await call('POST', '/auth/logout');
  history.replaceState(null, '', location.pathname);
  if (placeLink(null) === null) return location.reload();
  closeThread();
  forgetDrafts();
  at('threads').replaceChildren();
  user = null;
  signedOut();
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
addEventListener('hashchange', followAddress);
whenSignedOut(signedOut);
leadFromLinks({ passwordSet: toSignIn, left: goOn });
takeLink();
await attempt(start, { again: true });
