/** Branded identifiers: `<prefix>_<unique part>`, where the prefix names the kind and the `Ids` port adds the rest. */

declare const brand: unique symbol;
/** A string at run time; the brand keeps ids of different kinds apart at compile time. */
type Id<Prefix extends string> = string & { readonly [brand]: Prefix };

export const ID_PREFIXES = {
  user: 'usr',
  session: 'ses',
  apiToken: 'tok',
  passwordLink: 'pwl',
  oauthAccount: 'oac',
  workspace: 'wsp',
  thread: 'thr',
  message: 'msg',
  reply: 'rpl',
  game: 'gam',
  invitation: 'inv',
  gameEvent: 'gev',
  source: 'src',
  document: 'doc',
  passage: 'psg',
  job: 'job',
  auditEntry: 'aud',
} as const;

export type IdKind = keyof typeof ID_PREFIXES;
export type IdOf<Kind extends IdKind> = Id<(typeof ID_PREFIXES)[Kind]>;

export type UserId = IdOf<'user'>;
export type SessionId = IdOf<'session'>;
export type ApiTokenId = IdOf<'apiToken'>;
export type PasswordLinkId = IdOf<'passwordLink'>;
export type OauthAccountId = IdOf<'oauthAccount'>;
export type WorkspaceId = IdOf<'workspace'>;
export type ThreadId = IdOf<'thread'>;
export type MessageId = IdOf<'message'>;
export type ReplyId = IdOf<'reply'>;
export type GameId = IdOf<'game'>;
export type InvitationId = IdOf<'invitation'>;
export type GameEventId = IdOf<'gameEvent'>;
export type SourceId = IdOf<'source'>;
export type DocumentId = IdOf<'document'>;
export type PassageId = IdOf<'passage'>;
export type JobId = IdOf<'job'>;
export type AuditEntryId = IdOf<'auditEntry'>;
