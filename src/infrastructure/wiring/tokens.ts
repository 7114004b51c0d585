/** Names under which the container holds what answers the ports. Classes of our own are their own names. */
import type { ServiceIdentifier } from 'inversify';
import type { AuditRecords } from '#application/audit/ports.ts';
import type { ContextSettings } from '#application/conversations/context-settings.ts';
import type {
  Compactor,
  Conversations,
  PendingAnonymizations,
  ThreadReads,
  Threads,
} from '#application/conversations/ports.ts';
import type { Games, Invitations, MembershipReads, Memberships } from '#application/games/ports.ts';
import type { OauthAccounts, OauthProviders } from '#application/identity/oauth/ports.ts';
import type {
  ApiTokenSecrets,
  ApiTokens,
  CommonPasswords,
  PasswordHasher,
  PasswordHashes,
  PasswordLinks,
  RoleReads,
  Roles,
  Secrets,
  Sessions,
  SignInDelays,
  TokenUseLog,
  UserReads,
  Users,
} from '#application/identity/ports.ts';
import type { Registration } from '#application/identity/users/register.ts';
import type { SourceAccesses, Sources } from '#application/library/ports.ts';
import type { EncryptedValues } from '#application/operations/encrypted-values.ts';
import type { AdaptersInUse, Statistics } from '#application/operations/ports.ts';
import type { ReadThroughCache } from '#application/shared/cache.ts';
import type { Cipher, KeyedCipher } from '#application/shared/cipher.ts';
import type { Clock } from '#application/shared/clock.ts';
import type { IdempotencyKeys } from '#application/shared/idempotency.ts';
import type { Ids } from '#application/shared/ids.ts';
import type { RateLimiter } from '#application/shared/rate-limiter.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import type { SessionLimits } from '#domain/identity/session.ts';
import type { BackgroundTask } from '../workers/background.ts';

/** Everything that a unit of work may touch; each use case names the part that it does touch. */
export type Repos = Readonly<{
  users: Users;
  roles: Roles;
  passwordHashes: PasswordHashes;
  passwordLinks: PasswordLinks;
  apiTokens: ApiTokens;
  oauthAccounts: OauthAccounts;
  games: Games;
  memberships: Memberships;
  invitations: Invitations;
  sources: Sources;
  sourceAccesses: SourceAccesses;
  threads: Threads;
  audit: AuditRecords;
  pendingAnonymizations: PendingAnonymizations;
  statistics: Statistics;
  idempotency: IdempotencyKeys;
  encryptedValues: EncryptedValues;
}>;

function token<T>(name: string): ServiceIdentifier<T> {
  return Symbol(name);
}

export const tokens = {
  /** Bound once for each task. */
  backgroundTask: token<BackgroundTask>('BackgroundTask'),
  adapters: token<AdaptersInUse>('AdaptersInUse'),
  clock: token<Clock>('Clock'),
  ids: token<Ids>('Ids'),
  unitOfWork: token<UnitOfWork<Repos>>('UnitOfWork'),
  /** The stores outside of units of work: for lists and lookups, never for writing. */
  reads: token<Repos>('Reads'),
  users: token<UserReads>('UserReads'),
  roles: token<RoleReads>('RoleReads'),
  passwordHashes: token<Pick<PasswordHashes, 'find'>>('PasswordHashes'),
  hasher: token<PasswordHasher>('PasswordHasher'),
  secrets: token<Secrets>('Secrets'),
  sessions: token<Sessions>('Sessions'),
  signInDelays: token<SignInDelays>('SignInDelays'),
  commonPasswords: token<CommonPasswords>('CommonPasswords'),
  tokenSecrets: token<ApiTokenSecrets>('ApiTokenSecrets'),
  tokenUses: token<TokenUseLog>('TokenUseLog'),
  registration: token<Registration>('Registration'),
  sessionLimits: token<SessionLimits>('SessionLimits'),
  oauthProviders: token<OauthProviders>('OauthProviders'),
  /** Seals flows; its key need not outlive them. */
  flowCipher: token<Cipher>('FlowCipher'),
  cipher: token<KeyedCipher>('Cipher'),
  cache: token<ReadThroughCache>('ReadThroughCache'),
  rateLimiter: token<RateLimiter>('RateLimiter'),
  memberships: token<MembershipReads>('MembershipReads'),
  threads: token<ThreadReads>('ThreadReads'),
  conversations: token<Conversations>('Conversations'),
  compactor: token<Compactor>('Compactor'),
  contextSettings: token<ContextSettings>('ContextSettings'),
};
