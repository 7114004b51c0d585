/** The settings of OpenID Connect providers, and what is specific to known issuers. */

/** A configured provider. */
export type ProviderSettings = Readonly<{
  /** The name in URLs, such as `google`. */
  name: string;
  /** The issuer's URL, exactly as its ID tokens contain it. */
  issuer: string;
  clientId: string;
  clientSecret: string;
}>;

const GOOGLE = 'https://accounts.google.com';

/** The issuers of providers that can be configured by name alone. */
export const KNOWN_ISSUERS: Readonly<Record<string, string>> = { google: GOOGLE };

/** Authorization parameters beyond the standard that an issuer requires to return a refresh token. */
export const OFFLINE_PARAMETERS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  [GOOGLE]: { access_type: 'offline' },
};

/** Whether a URL is one of this machine. Only there is plain HTTP allowed. */
export function isLoopback(url: URL): boolean {
  return url.hostname === 'localhost' || url.hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(url.hostname);
}
