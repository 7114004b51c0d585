/** The page's controller: signing in and out, opening conversations, and the event handlers of all controls. */
import { call } from './api.js';
import { closeThread, compactNow, forgetDrafts, openThread, say, showOlder, showTitle } from './conversation.js';
import { at } from './elements.js';
import { focusLink, leadFromLinks, leaveLink, placeLink, readLink, restoreLink, takeLink } from './links.js';
import { attempt, once, showNotice, showRefusal, whenSignedOut } from './problems.js';
import { offerProviders, takeSignInError } from './providers.js';
import { isLatest, listMoreThreads, listThreads, markThread, titleOf } from './threads.js';

const wide = matchMedia('(min-width: 44rem)');
/** The signed-in user, or the last one after the session has ended. */
let user = null;
let signedIn = false;

async function start() {
  const [me] = await Promise.all([whoIsHere(), offerProviders()]);
  if (me !== null) return enter(me);
  signedIn = false;
  await show();
}

/** Returns the signed-in user with their permissions, or null. */
async function whoIsHere() {
  try {
    return await call('GET', '/auth/me');
  } catch (problem) {
    if (problem.status !== 401) throw problem;
    return null;
  }
}

/** Shows the page for a user. If another user was signed in before, what they typed is discarded. */
async function enter(me) {
  if (user !== null && user.id !== me.user.id) forgetDrafts();
  user = me.user;
  signedIn = true;
  at('name').textContent = user.display_name;
  at('compact').hidden = !me.permissions.includes('chat.compact');
  await show();
}

/** Shows the first that applies: an opened link, the sign-in form, or the conversation that the address names. */
async function show() {
  try {
    await readLink();
  } finally {
    if (arrange() && signedIn) await Promise.all([listThreads(), showAddressed()]);
    else focusFirst();
  }
}

/** Shows and hides the parts of the page. Returns whether the conversations are not covered by a link's card. */
function arrange({ signIn = !signedIn } = {}) {
  const link = placeLink(signedIn ? user : null);
  at('sign-in').hidden = !signIn || link === 'set-password';
  at('table').hidden = signIn || link !== null;
  at('who').hidden = !signedIn;
  return link === null;
}

/** Continues after a link, with words on how it was answered, if it was, and focuses the next useful control. */
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

/** Asks for a sign-in after a password was set. A session of another user stays valid, and a button returns to it. */
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

/** Opens the conversation that the address names, so that reload, links and the back button work. */
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

/**
 * Handles a change of the address: a link is shown before everything else, and any other address discards an open link.
 */
async function followAddress() {
  const linked = takeLink() || leaveLink();
  if (!linked && !signedIn) return;
  await attempt(linked || at('table').hidden ? show : showAddressed, { again: true });
}

/** Returns to the list without clearing a problem that is shown. */
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

/**
 * Signs out and clears all state: by a reload, or by hand if a link waits for an answer, which may be for the next
 * user.
 */
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
  // The list changes if the conversation moves to its top, or if its first message names it.
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
restoreLink();
takeLink();
const refusal = takeSignInError();
await attempt(start, { again: true });
if (refusal !== null) showRefusal(refusal);
