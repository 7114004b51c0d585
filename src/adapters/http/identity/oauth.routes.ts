/** Signing in through providers of OpenID Connect, and the accounts there that are linked to a user. */
import { z } from 'zod';
import type { BeginOauth } from '#application/identity/oauth/begin-oauth.ts';
import type { CompleteOauth } from '#application/identity/oauth/complete-oauth.ts';
import type { ListOauthAccounts } from '#application/identity/oauth/list-oauth-accounts.ts';
import type { ReadSignInOptions } from '#application/identity/oauth/read-sign-in-options.ts';
import type { UnlinkOauthAccount } from '#application/identity/oauth/unlink-oauth-account.ts';
import { identityErrors } from '#domain/identity/errors.ts';
import type { OauthAccount } from '#domain/identity/oauth-account.ts';
import { httpErrors } from '../declaration/http-errors.ts';
import { cursor, limit, pathId, text } from '../declaration/input.ts';
import { pageOf, time } from '../declaration/output.ts';
import type { PathParameter } from '../declaration/route.ts';
import { type Route, route } from '../declaration/route.ts';
import { timeCursor } from '../declaration/time-cursor.ts';

export type OauthUseCases = Readonly<{
  readSignInOptions: ReadSignInOptions;
  beginOauth: BeginOauth;
  completeOauth: CompleteOauth;
  listOauthAccounts: ListOauthAccounts;
  unlinkOauthAccount: UnlinkOauthAccount;
}>;

const provider: PathParameter<string> = {
  schema: z.string().regex(/^[a-z0-9-]{1,64}$/),
  missing: identityErrors.oauthProviderNotFound,
  description: 'Name of a provider, as it is configured.',
};

const account = { id: pathId('oauthAccount', identityErrors.oauthAccountNotFound) };
const accountCursor = timeCursor(account.id.schema);

/** Providers send along whatever they like beside what the protocol names. */
const returned = z
  .object({ state: text(0, 2_000), code: text(0, 8_000), iss: text(0, 2_000), error: text(0, 200) })
  .partial()
  .catchall(text(0, 8_000));

const accountSchema = z
  .strictObject({
    id: z.string(),
    provider: z.string(),
    issuer: z.string(),
    email: z.string().nullable(),
    linked_at: time,
    last_used_at: time,
    broken_at: time.nullable(),
  })
  .meta({ id: 'OauthAccount' });

export function oauthRoutes(useCases: OauthUseCases): Route[] {
  return [options(useCases), begin(useCases), complete(useCases), list(useCases), unlink(useCases)];
}

function options({ readSignInOptions }: OauthUseCases): Route {
  return route({
    method: 'get',
    path: '/auth/options',
    tag: 'Auth',
    summary: 'How one may sign in here.',
    access: 'public',
    returns: {
      200: z.strictObject({
        registration: z.enum(['open', 'closed']),
        providers: z.array(z.strictObject({ name: z.string(), label: z.string() })),
        password: z.boolean(),
      }),
    },
    async handle() {
      const { registration, providers } = readSignInOptions.execute();
      return { status: 200, body: { registration, providers: [...providers], password: true } };
    },
  });
}

function begin({ beginOauth }: OauthUseCases): Route {
  return route({
    method: 'get',
    path: '/auth/oauth/{provider}',
    leadsBrowsersBack: true,
    tag: 'Auth',
    summary: 'Go and sign in at a provider; signed in already, link an account there.',
    access: 'public',
    params: { provider },
    returns: { 302: null },
    errors: [identityErrors.oauthProviderUnavailable, httpErrors.foreignOrigin],
    async handle({ actor, params, client }) {
      // Nobody else's page may begin to link an account to whoever looks at it.
      if (actor !== null && client.crossSite) throw httpErrors.foreignOrigin();
      const redirectUri = `${client.ownOrigin}/api/v1/auth/oauth/${params.provider}/callback`;
      const { url, ...flow } = await beginOauth.execute(actor, { provider: params.provider, redirectUri });
      return { status: 302, headers: { Location: url }, oauthFlow: flow };
    },
  });
}

function complete({ completeOauth }: OauthUseCases): Route {
  return route({
    method: 'get',
    path: '/auth/oauth/{provider}/callback',
    leadsBrowsersBack: true,
    tag: 'Auth',
    summary: 'Where a provider sends the browser back to. Begins a session, or links the account.',
    access: 'public',
    params: { provider },
    query: returned,
    returns: { 302: null },
    errors: [
      identityErrors.oauthFlowInvalid,
      identityErrors.oauthFailed,
      identityErrors.signInFailed,
      identityErrors.registrationClosed,
      identityErrors.oauthEmailMissing,
      identityErrors.emailTaken,
      identityErrors.oauthAccountTaken,
      identityErrors.oauthAccountsFull,
      identityErrors.oauthProviderUnavailable,
    ],
    async handle({ actor, params, query, client }) {
      const { ip, requestId, userAgent, sessionSecret, oauthFlow } = client;
      const begun = await completeOauth.execute(actor, {
        provider: params.provider,
        secret: oauthFlow,
        query: query as Record<string, string>,
        origin: { ip, requestId },
        userAgent,
        presentedSecret: sessionSecret,
      });
      const cookie = begun && { secret: begun.secret, expiresAt: begun.session.absoluteEndAt };
      return { status: 302, headers: { Location: '/' }, oauthFlow: 'clear', ...(cookie === null ? {} : { cookie }) };
    },
  });
}

function list({ listOauthAccounts }: OauthUseCases): Route {
  return route({
    method: 'get',
    path: '/auth/oauth-accounts',
    tag: 'Auth',
    summary: 'My linked accounts, the first linked first.',
    access: 'session',
    query: z.strictObject({ limit, cursor }),
    returns: { 200: pageOf(accountSchema) },
    errors: [httpErrors.malformedCursor],
    async handle({ actor, query }) {
      const { items, next } = await listOauthAccounts.execute(actor, accountCursor.decode(query));
      return { status: 200, body: { items: items.map(toAccountJson), next_cursor: accountCursor.encode(next) } };
    },
  });
}

function unlink({ unlinkOauthAccount }: OauthUseCases): Route {
  return route({
    method: 'delete',
    path: '/auth/oauth-accounts/{id}',
    tag: 'Auth',
    summary: 'Unlink an account, unless it is my last way to sign in.',
    access: 'session',
    params: account,
    returns: { 204: null },
    errors: [identityErrors.lastSignIn],
    async handle({ actor, params }) {
      await unlinkOauthAccount.execute(actor, params);
      return { status: 204 };
    },
  });
}

function toAccountJson(account: OauthAccount): z.input<typeof accountSchema> {
  return {
    id: account.id,
    provider: account.provider,
    issuer: account.issuer,
    email: account.email,
    linked_at: account.linkedAt.toISOString(),
    last_used_at: account.lastUsedAt.toISOString(),
    broken_at: account.brokenAt?.toISOString() ?? null,
  };
}
