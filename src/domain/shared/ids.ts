/** Branded identifiers: a prefix that names the kind of thing, an underscore, and what the `Ids` port adds. */

declare const brand: unique symbol;
type Id<Prefix extends string> = string & { readonly [brand]: Prefix };

export const ID_PREFIXES = { user: 'usr', thread: 'thr', message: 'msg', session: 'ses' } as const;

export type IdKind = keyof typeof ID_PREFIXES;
export type IdOf<Kind extends IdKind> = Id<(typeof ID_PREFIXES)[Kind]>;

export type UserId = IdOf<'user'>;
export type ThreadId = IdOf<'thread'>;
export type MessageId = IdOf<'message'>;
export type SessionId = IdOf<'session'>;
