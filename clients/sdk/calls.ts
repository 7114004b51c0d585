/** What each call takes and answers, as the OpenAPI document declares it. */
import type { components, paths } from './api.ts';

export type Schemas = components['schemas'];
export type Problem = Schemas['Problem'];

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** The paths that have a call of this method. */
export type PathOf<M extends Method> = {
  [P in keyof paths]: paths[P] extends { [_ in M]: { responses: unknown } } ? P : never;
}[keyof paths];

type CallOf<M extends Method, P extends PathOf<M>> = paths[P][M];

type JsonOf<Response> = Response extends { content: { 'application/json': infer Json } } ? Json : undefined;

/** What a call answers in JSON; undefined where it answers without a body. */
export type Data<M extends Method, P extends PathOf<M>> =
  CallOf<M, P> extends { responses: infer Responses }
    ? { [Status in keyof Responses]: JsonOf<Responses[Status]> }[keyof Responses]
    : never;

/** The events that a call streams. */
export type EventOf<M extends Method, P extends PathOf<M>> =
  CallOf<M, P> extends { responses: { 200: { content: { 'text/event-stream': infer Event } } } } ? Event : never;

/** The paths of calls that stream events. */
export type StreamOf<M extends Method> = {
  [P in PathOf<M>]: [EventOf<M, P>] extends [never] ? never : P;
}[PathOf<M>];

/** What the pages of a list contain. */
export type ItemOf<P extends PathOf<'get'>> = Data<'get', P> extends { items: readonly (infer Item)[] } ? Item : never;

/** The paths of lists. */
export type ListOf = { [P in PathOf<'get'>]: [ItemOf<P>] extends [never] ? never : P }[PathOf<'get'>];

type Parameters<Call, In extends 'path' | 'query'> = Call extends { parameters: { [_ in In]?: infer Values } }
  ? Exclude<Values, undefined>
  : never;

/** Optional where nothing in it is required, and absent where there is nothing. */
type Field<Name extends string, Values> = [Values] extends [never]
  ? { [_ in Name]?: never }
  : Record<never, never> extends Values
    ? { [_ in Name]?: Values }
    : { [_ in Name]: Values };

type BodyOf<Call> = Call extends { requestBody?: { content: { 'application/json': infer Body } } } ? Body : never;

type Common = Readonly<{
  /** Ends the call, which is then rejected with the signal's reason. */
  signal?: AbortSignal;
  /** The `etag` that was answered when what is changed was read. */
  ifMatch?: string;
  /** The same key and body again within 24 hours have one effect; made for every call that takes one. */
  idempotencyKey?: string;
}>;

export type OptionsOf<M extends Method, P extends PathOf<M>> = Common &
  Field<'path', Parameters<CallOf<M, P>, 'path'>> &
  Field<'query', Parameters<CallOf<M, P>, 'query'>> &
  Field<'body', BodyOf<CallOf<M, P>>>;

/** Options are left out where a call needs none. */
export type Rest<Options> = Record<never, never> extends Options ? [options?: Options] : [options: Options];

/** Options as they are when a call is sent. */
export type Sent = Common &
  Readonly<{ path?: Readonly<Record<string, unknown>>; query?: Readonly<Record<string, unknown>>; body?: unknown }>;
