/** What a route is: one declaration, from which validation, documentation and response checks come. */
import type { z } from 'zod';
import type { Credential } from '#application/identity/authentication.ts';
import type { StoredResponse, ToStoredResponse } from '#application/shared/idempotency.ts';
import type { Precondition } from '#application/shared/precondition.ts';
import type { Permission } from '#domain/identity/permissions.ts';
import type { User } from '#domain/identity/user.ts';
import type { Origin, UserActor } from '#domain/shared/actor.ts';
import type { Refusal } from '#domain/shared/domain-error.ts';
import type { ThreadId, UserId } from '#domain/shared/ids.ts';
import { BASE_PATH } from './base-path.ts';
import type { Body, FileBody, JsonBody, LinesBody } from './body.ts';
import type { Events, EventsSchema } from './events.ts';
import type { HttpRefusal } from './http-errors.ts';
import type { Stream, StreamSchema } from './stream.ts';

/**
 * Who may call: anybody; anybody who is signed in; only through a session and not by a token; who holds a permission.
 */
export type Access = 'public' | 'signed_in' | 'session' | Permission;

/** A part of the path: its form, and the refusal for whatever has not that form. */
export type PathParameter<T = unknown> = Readonly<{ schema: z.ZodType<T>; missing: Refusal; description: string }>;
export type PathParameters = Readonly<Record<string, PathParameter>>;

/** What a request shows of who sent it. A token wins over a session. */
export type PresentedSecrets = Readonly<{
  sessionSecret: string | null;
  /** Of a sign-in at a provider that this browser has begun. */
  oauthFlow: string | null;
  /** What came as `Authorization: Bearer`, in whatever form. */
  bearer: string | null;
}>;

/** Where a request comes from. */
export type Client = Origin &
  PresentedSecrets &
  Readonly<{
    userAgent: string | null;
    /** What counts as one address; null where none is known. */
    address: string | null;
    /** Where the server is reached, such as `https://tavern.example`: the beginning of every link that it makes. */
    ownOrigin: string;
    /** Whether a browser says that another site's page led here. */
    crossSite: boolean;
  }>;

export type Call<A extends Access, P extends PathParameters, Q, B> = Readonly<{
  actor: A extends 'public' ? UserActor | null : UserActor;
  /** The user behind the actor, as they are at this moment. */
  user: A extends 'public' ? User | null : User;
  /** What the actor came with. */
  credential: Credential;
  params: { [K in keyof P]: z.output<P[K]['schema']> };
  query: Q;
  body: B;
  client: Client;
  /** For a use case of an idempotent route; undefined where the request has no key. */
  storeResponse: StoreResponse;
  /**
   * For a use case of a route with `etag` that changes a thing: the thing, in this form, must be what `If-Match` names.
   */
  ifMatch<Thing>(toJson: (thing: Thing) => unknown): Precondition<Thing>;
  /** A header of the request, by its name in lower case; undefined where there is none. */
  header(name: string): string | undefined;
  /** Aborted when the client leaves before it has the whole answer. */
  untilGone(): AbortSignal;
}>;

/**
 * Says what is stored of a result to answer the same request again: a reply without its secret, unless the route has a
 * `replay`.
 */
export type StoreResponse = <Result>(
  answer: (result: Result) => StoredResponse['answer'],
  /** Whom or what the answer tells of, where it is to go with them: a user other than the actor, a thread. */
  subject?: (result: Result) => UserId | ThreadId,
) => ToStoredResponse<Result> | undefined;

/** A cookie that an answer sets, or clears. */
export type CookieChange = Readonly<{ secret: string; expiresAt: Date }> | 'clear';

export type Reply = Readonly<{
  status: number;
  body?: unknown;
  /** In place of a body. */
  stream?: Stream;
  /** In place of a body: by a 200 as server-sent events, by a 101 as frames of a WebSocket. */
  events?: Events;
  /** The session's. */
  cookie?: CookieChange;
  /** That of a sign-in under way at a provider. */
  oauthFlow?: CookieChange;
  headers?: Readonly<Record<string, string>>;
}>;

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** What a route answers when all is well, by status; null stands for no body. */
type Returns = Readonly<Record<number, z.ZodType | StreamSchema | EventsSchema | null>>;

export type Route = Readonly<{
  method: Method;
  /** What the path is below; nothing, where the path is the whole of it. */
  basePath: typeof BASE_PATH | '';
  /** Parameters in braces: `/chat/{thread}`. */
  path: string;
  tag: string;
  summary: string;
  access: Access;
  params: PathParameters;
  query: z.ZodType | null;
  body: Body | null;
  returns: Returns;
  /** What it refuses with, beyond what every route can refuse with. */
  errors: readonly (Refusal | HttpRefusal)[];
  /** Whether it takes an `Idempotency-Key`. */
  idempotent: boolean;
  /** Whether answers carry an `ETag`, and changes need `If-Match`. */
  etag: boolean;
  /** Whether a refusal leads a browser, which goes there, to the web client: `/?sign_in_error=<code>`. */
  leadsBrowsersBack: boolean;
  /** Whether its answer may begin later than a connection may be idle. */
  answersLate: boolean;
  /**
   * Of a WebSocket: which route a frame of each type calls, with the parameters of the path. Null where it is none.
   */
  frames: Readonly<Record<string, Route>> | null;
  handle(call: Call<Access, PathParameters, unknown, unknown>): Promise<Reply>;
  /** Answers again what was answered before, from what was stored. */
  replay(call: Call<Access, PathParameters, unknown, unknown>, stored: StoredResponse['answer']): Promise<Reply>;
}>;

type Declaration<A extends Access, P extends PathParameters, Q extends z.ZodType, B extends z.ZodType> = Readonly<{
  method: Method;
  basePath?: '';
  path: string;
  tag: string;
  summary: string;
  access: A;
  params?: P;
  query?: Q;
  body?: JsonBody<B> | LinesBody<B> | FileBody<B>;
  returns: Returns;
  errors?: readonly (Refusal | HttpRefusal)[];
  idempotent?: boolean;
  etag?: boolean;
  leadsBrowsersBack?: boolean;
  answersLate?: boolean;
  frames?: Readonly<Record<string, Route>>;
  handle(call: Call<A, P, z.output<Q>, z.output<B>>): Promise<Reply>;
  /** Needed where what is stored is no reply. */
  replay?(call: Call<A, P, z.output<Q>, z.output<B>>, stored: StoredResponse['answer']): Promise<Reply>;
}>;

/** Declares a route; what `handle` is given has the types of the schemas. */
export function route<
  A extends Access,
  // biome-ignore lint/complexity/noBannedTypes: the empty object is the right default for "no parameters".
  P extends PathParameters = {},
  Q extends z.ZodType = z.ZodType<undefined>,
  B extends z.ZodType = z.ZodType<undefined>,
>(declared: Declaration<A, P, Q, B>): Route {
  return {
    ...declared,
    basePath: declared.basePath ?? BASE_PATH,
    params: declared.params ?? {},
    query: declared.query ?? null,
    body: declared.body ?? null,
    errors: declared.errors ?? [],
    idempotent: declared.idempotent ?? false,
    etag: declared.etag ?? false,
    leadsBrowsersBack: declared.leadsBrowsersBack ?? false,
    answersLate: declared.answersLate ?? false,
    frames: declared.frames ?? null,
    handle: declared.handle as Route['handle'],
    replay: (declared.replay as Route['replay'] | undefined) ?? (async (_, stored) => stored as Reply),
  };
}
