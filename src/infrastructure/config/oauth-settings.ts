/** Reads the OpenID Connect providers from `OAUTH_<NAME>_…` settings, where the operator chooses `<NAME>`. */
import { isLoopback, KNOWN_ISSUERS, type ProviderSettings } from '#adapters/oauth/provider-settings.ts';

/** The name is matched lazily, so that `OAUTH_X_CLIENT_ID` is the client id of `X`. */
const SETTING = /^OAUTH_([A-Z0-9]+(?:_[A-Z0-9]+)*?)_(ISSUER|CLIENT_ID|CLIENT_SECRET|CLIENT_SECRET_FILE)$/;

type Environment = Readonly<Record<string, string | undefined>>;
type Given = Partial<Record<'ISSUER' | 'CLIENT_ID' | 'CLIENT_SECRET' | 'CLIENT_SECRET_FILE', string>>;

export function isProviderSetting(name: string): boolean {
  return SETTING.test(name);
}

/** Returns the valid providers, and the faults of the others. An empty setting counts as not set. */
export function readProviders(
  environment: Environment,
  readFile: (path: string) => string,
): Readonly<{ providers: readonly ProviderSettings[]; faults: readonly string[] }> {
  const faults: string[] = [];
  const providers = [...givenByName(environment)].map(([name, given]) => providerOf(name, given, readFile, faults));
  return { providers: providers.filter((provider) => provider !== undefined), faults };
}

function givenByName(environment: Environment): ReadonlyMap<string, Given> {
  const names = new Map<string, Given>();
  for (const [setting, value] of Object.entries(environment)) {
    const [, name, part] = SETTING.exec(setting) ?? [];
    if (name !== undefined && value) names.set(name, { ...names.get(name), [part as keyof Given]: value });
  }
  return names;
}

/** Returns the provider of one name; or undefined, after adding to `faults`. */
function providerOf(
  name: string,
  given: Given,
  readFile: (path: string) => string,
  faults: string[],
): ProviderSettings | undefined {
  const faultsBefore = faults.length;
  const fault = (part: string, message: string) => faults.push(`OAUTH_${name}_${part}: ${message}`);
  const issuer = given.ISSUER ?? KNOWN_ISSUERS[name.toLowerCase()];
  const clientId = given.CLIENT_ID;
  let clientSecret = given.CLIENT_SECRET;
  try {
    clientSecret ??= given.CLIENT_SECRET_FILE && readFile(given.CLIENT_SECRET_FILE).trimEnd();
    if (!clientSecret) fault('CLIENT_SECRET', 'is missing');
  } catch {
    fault('CLIENT_SECRET_FILE', 'the file cannot be read');
  }
  if (issuer === undefined) fault('ISSUER', 'is missing');
  else if (!isIssuer(issuer)) fault('ISSUER', 'must be an https address, or an http address of this machine');
  if (clientId === undefined) fault('CLIENT_ID', 'is missing');
  if (faults.length > faultsBefore) return undefined;
  const settings = { issuer, clientId, clientSecret } as Pick<ProviderSettings, 'issuer' | 'clientId' | 'clientSecret'>;
  return { name: name.toLowerCase().replaceAll('_', '-'), ...settings };
}

/** Whether a text is an issuer's URL: HTTPS, or HTTP on this machine, without query, fragment or user. */
function isIssuer(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || url.search !== '' || url.hash !== '' || url.username !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url));
}
