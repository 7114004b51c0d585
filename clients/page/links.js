/** The links that the server hands out: one sets a password, the other is an invitation to a game. */
import { call, Problem } from './api.js';
import { at, element } from './elements.js';
import { attempt, once } from './problems.js';

/** How each of them looks behind the "#"; what is left is its code. */
const FORMS = [
  ['set-password', '#set-password='],
  ['invitation', '#/invitations/'],
];
const OF_ANOTHER = 'The password is set for the account that this link was made for, whoever that is.';
const ROLES = { player: 'a player', gm: 'a GM' };

/** The link that was opened; its code is here and nowhere else. `card` is null until there is something to show. */
let link = null;
let lead = null;

/** Where it goes on: `passwordSet(words)` asks for a sign-in, `left(words)` leads to what the link stood before. */
export function leadFromLinks(leads) {
  lead = leads;
}

/** Takes a link out of the address bar, and of the history; false where the address is none. */
export function takeLink() {
  const [kind, start] = FORMS.find(([, start]) => location.hash.startsWith(start)) ?? [];
  if (kind === undefined) return false;
  leaveLink();
  link = { kind, code: location.hash.slice(start.length), card: null };
  history.replaceState(null, '', location.pathname);
  return true;
}

/** With everything that was typed into it; false where there was none. */
export function leaveLink() {
  const left = link !== null;
  link?.card?.remove();
  link = null;
  return left;
}

/** Asks what there is to show. An invitation that leads nowhere is left, and refused with 404. */
export async function readLink() {
  const asked = link;
  if (asked === null || asked.card !== null) return;
  if (asked.kind === 'invitation') asked.preview = await preview(asked);
  if (link === asked) asked.card = makeCard(asked);
}

/** Shows the link before the sign-in and tells who will be whom; answers its kind, or null where there is none to show. */
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

/** False where no link is shown. */
export function focusLink() {
  if (!link?.card?.isConnected) return false;
  link.card.querySelector('input, h2[tabindex]').focus();
  return true;
}

async function preview(asked) {
  try {
    return await call('GET', pathOf(asked));
  } catch (problem) {
    if (problem.status !== 404) throw problem;
    if (link === asked) leaveLink();
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

function fillIn(card, { game_name, role_in_game, expires_at }) {
  const until = new Date(expires_at).toLocaleString(undefined, { dateStyle: 'long', timeStyle: 'short' });
  card.querySelector('h2').textContent = `Invitation to “${game_name}”`;
  card
    .querySelector('.offer')
    .append(
      `You are invited to this game as ${ROLES[role_in_game]}. The invitation is open until `,
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

/** What is said of it once it is done. */
async function sendAnswer(made, how) {
  const { game_name } = made.preview;
  const member = await call('POST', `${pathOf(made)}/${how}`);
  if (how === 'decline') return `You have declined the invitation to “${game_name}”.`;
  return `You are ${ROLES[member.role_in_game]} in “${game_name}” now.`;
}
