/** Signing in at a provider: the links that lead there, and what it says when that did not work. */
import { call } from './api.js';
import { at, element } from './elements.js';

/** What to say for the codes with which the server leads back. */
const WORDS = {
  oauth_flow_invalid: 'This sign-in was not begun in this browser, is over, or took too long. Start again.',
  oauth_failed: 'The provider did not sign you in. Start again, or sign in another way.',
  sign_in_failed: 'This account may not sign in here. Ask an admin.',
  registration_closed: 'Nobody has this account here, and nobody can register. Ask an admin for an account.',
  oauth_email_missing: 'The provider does not vouch for an e-mail address of yours, and an account here needs one.',
  email_taken: 'Your e-mail address has an account here already. Sign in to it, then link the provider.',
  oauth_account_taken: 'This account of the provider is linked to another user.',
  oauth_accounts_full: 'You have linked too many accounts. Unlink one first.',
  oauth_provider_unavailable: 'The provider does not answer. Try again in a moment, or sign in another way.',
  oauth_provider_not_found: 'Nobody can sign in through this provider.',
  rate_limited: 'There were too many requests from here. Wait a minute, then try again.',
};

/**
 * Reads why a sign-in at a provider was refused from the address, and removes it there. Returns words for people, or
 * null if nothing was refused.
 */
export function takeSignInError() {
  const address = new URL(location.href);
  const code = address.searchParams.get('sign_in_error');
  if (code === null) return null;
  address.searchParams.delete('sign_in_error');
  history.replaceState(null, '', address.pathname + address.search + address.hash);
  return Object.hasOwn(WORDS, code) ? WORDS[code] : 'The sign-in did not work. Try again, or sign in another way.';
}

/** Shows a link for each provider below the sign-in form. Throws `Problem`. */
export async function offerProviders() {
  const { providers } = await call('GET', '/auth/options');
  at('provider-links').replaceChildren(
    ...providers.map(({ name, label }) =>
      element('a', { href: `/api/v1/auth/oauth/${encodeURIComponent(name)}`, textContent: `Sign in with ${label}` }),
    ),
  );
  at('providers').hidden = providers.length === 0;
}
