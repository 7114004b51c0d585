/** The cards for links from the server: a password link, or an invitation to a game. */
import { call, Problem } from './api.js';
import { at, element } from './elements.js';
import { attempt, once } from './problems.js';

/** The prefix of each kind of link in the URL's fragment. The rest of the fragment is the code. */
const FORMS = [
  ['set-password', '#set-password='],
  ['invitation', '#/invitations/'],
];
const OF_ANOTHER = 'The password is set for the account that this link was made for, whoever that is.';
const ROLES = { player: 'a player', gm: 'a GM' };
const WORKSPACE_ROLES = { owner: 'an owner', admin: 'an admin', editor: 'an editor', reader: 'a reader' };

/** Where this tab keeps the link that was opened, until it is answered or left: a reload goes on with it. */
const KEPT = 'link';
/** The link that was opened, or null. Its code is held in the tab alone. `card` is null until it is loaded. */
let link = null;
let lead = null;

/** Sets what follows a link: `passwordSet(words)` asks for a sign-in, `left(words)` shows what was behind the card. */
export function leadFromLinks(leads) {
  lead = leads;
}

/**
 * Reads the link in the address and removes it from address bar and history, because its code is a secret. Returns
 * whether there is one.
 */
export function takeLink() {
  const [kind, start] = FORMS.find(([, start]) => location.hash.startsWith(start)) ?? [];
  if (kind === undefined) return false;
  leaveLink();
  link = { kind, code: location.hash.slice(start.length), card: null };
  sessionStorage.setItem(KEPT, JSON.stringify({ kind, code: link.code }));
  history.replaceState(null, '', location.pathname);
  return true;
}

/** Goes on with the link that was open before the page was loaded anew. */
export function restoreLink() {
  const kept = JSON.parse(sessionStorage.getItem(KEPT));
  if (kept !== null) link = { ...kept, card: null };
}

/** Discards the link with everything typed into its card. Returns whether there was one. */
export function leaveLink() {
  const left = link !== null;
  link?.card?.remove();
  link = null;
  sessionStorage.removeItem(KEPT);
  return left;
}

/** Loads the card of the link. An invitation that is not valid is discarded, and a `Problem` with status 404 thrown. */
export async function readLink() {
  const loading = link;
  if (loading === null || loading.card !== null) return;
  if (loading.kind === 'invitation') loading.preview = await preview(loading);
  // The link may have been left, or replaced by another one, during the request.
  if (link === loading) loading.card = makeCard(loading);
}

/**
 * Shows the card before the sign-in form, and says for which user the answer counts. Returns the link's kind, or null
 * if there is no card to show.
 */
export function placeLink(user) {
  if (link === null || link.card === null) return null;
  if (!link.card.isConnected) at('sign-in').before(link.card);
  const signedIn = user !== null;
  const as = link.card.querySelector('.as');
  if (link.kind === 'set-password') {
    as.hidden = !signedIn;
    as.textContent = signedIn ? `You are signed in as ${user.display_name}. ${OF_ANOTHER}` : '';
  } else {
    as.textContent = signedIn ? `You answer as ${user.display_name}.` : 'Sign in to accept or decline it.';
    link.card.querySelector('.answers').hidden = !signedIn;
  }
  return link.kind;
}

/** Focuses the card. Returns false if none is shown. */
export function focusLink() {
  if (!link?.card?.isConnected) return false;
  link.card.querySelector('input, h2[tabindex]').focus();
  return true;
}

async function preview(loading) {
  try {
    return await call('GET', pathOf(loading));
  } catch (problem) {
    if (problem.status !== 404) throw problem;
    if (link === loading) leaveLink();
    const detail =
      'There is no such invitation, or no longer: it was used, has expired or was taken back. Ask for a new one.';
    throw new Problem(404, { detail });
  }
}

function pathOf({ code }) {
  return `/invitations/${encodeURIComponent(code)}`;
}

function makeCard(made) {
  const card = at(made.kind).content.firstElementChild.cloneNode(true);
  if (made.kind === 'invitation') fillIn(card, made.preview);
  card.addEventListener(
    'submit',
    once(() => attempt(() => setPassword(made))),
  );
  const answered = once((event) => attempt(() => answer(made, event.target.value)));
  for (const button of card.querySelectorAll('button[value]')) button.addEventListener('click', answered);
  return card;
}

/** What an invitation leads to: its name, the words for it, and for what its user becomes there. */
function placeOf({ game_name, role_in_game, workspace_name, role }) {
  return game_name === undefined
    ? { name: workspace_name, kind: 'workspace', as: WORKSPACE_ROLES[role] }
    : { name: game_name, kind: 'game', as: ROLES[role_in_game] };
}

function fillIn(card, preview) {
  const { expires_at } = preview;
  const place = placeOf(preview);
  const until = new Date(expires_at).toLocaleString(undefined, { dateStyle: 'long', timeStyle: 'short' });
  card.querySelector('h2').textContent = `Invitation to “${place.name}”`;
  card
    .querySelector('.offer')
    .append(
      `You are invited to this ${place.kind} as ${place.as}. The invitation is open until `,
      element('time', { dateTime: expires_at, textContent: until }),
      '.',
    );
}

async function setPassword(made) {
  const { code, card } = made;
  const { new_password, again } = card.elements;
  if (again.value !== new_password.value) {
    again.select();
    throw new Problem(400, { detail: 'The two passwords are not the same.' });
  }
  try {
    await call('POST', '/auth/password/set', { code, new_password: new_password.value });
  } catch (problem) {
    new_password.select();
    throw problem;
  }
  if (link === made) leaveLink();
  await lead.passwordSet('The password is set. Sign in with it.');
}

async function answer(made, how) {
  const words = how === 'leave' ? undefined : await sendAnswer(made, how);
  if (link === made) leaveLink();
  await lead.left(words);
}

/** Sends the answer to an invitation. Returns the words that confirm it. */
async function sendAnswer(made, how) {
  const { name } = placeOf(made.preview);
  const member = await call('POST', `${pathOf(made)}/${how}`);
  if (how === 'decline') return `You have declined the invitation to “${name}”.`;
  return `You are ${placeOf({ ...made.preview, ...member }).as} in “${name}” now.`;
}
