/** What is known of a provider before it is asked. */

/** A provider as it is configured. */
export type ProviderSettings = Readonly<{
  /** As it stands in addresses: `google`. */
  name: string;
  issuer: string;
  clientId: string;
  clientSecret: string;
}>;

const GOOGLE = 'https://accounts.google.com';

/** Issuers that need no configuration, by the provider's name. */
export const KNOWN_ISSUERS: Readonly<Record<string, string>> = { google: GOOGLE };

/** What an issuer wants beyond the standard to give a refresh token. */
export const EXTRA_PARAMETERS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  [GOOGLE]: { access_type: 'offline' },
};

/** Whether an address is this machine's own: plain http is good enough there, and nowhere else. */
export function isLoopback(url: URL): boolean {
  return url.hostname === 'localhost' || url.hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(url.hostname);
}
