/** The injection tokens of ports and settings. Concrete classes are bound under themselves and need none. */
import type { ServiceIdentifier } from 'inversify';
import type { ImportSettings } from '#adapters/http/conversations/import.routes.ts';
import type { MessageLimits } from '#adapters/http/conversations/messages.routes.ts';
import type { Route } from '#adapters/http/declaration/route.ts';
import type { ContextSettings } from '#application/conversations/context-settings.ts';
import type { ImportLog } from '#application/conversations/imports/import-log.ts';
import type { LanguageModel } from '#application/conversations/language-model.ts';
import type { Compactor, Contexts, Conversations, TextCounter, ThreadReads } from '#application/conversations/ports.ts';
import type { RefinementLog } from '#application/conversations/refinement/refinement-log.ts';
import type { ReplyLog } from '#application/conversations/replies/reply-log.ts';
import type { TranscriptSearch } from '#application/conversations/search/transcript-search.ts';
import type { ThreadEvent } from '#application/conversations/thread-events.ts';
import type { MembershipReads } from '#application/games/ports.ts';
import type { OauthProviders } from '#application/identity/oauth/ports.ts';
import type {
  ApiTokenSecrets,
  CommonPasswords,
  FailureLog,
  KeyedDigests,
  PasswordHasher,
  PasswordHashes,
  RoleReads,
  Secrets,
  Sessions,
  SignInDelays,
  TokenUseLog,
  UserReads,
} from '#application/identity/ports.ts';
import type { Registration } from '#application/identity/users/register.ts';
import type { JobHandlers, JobLog, JobQueue } from '#application/jobs/ports.ts';
import type { FileCheckLog } from '#application/library/documents/check-files.ts';
import type { Files } from '#application/library/documents/files.ts';
import type { DocumentReader, FileKinds } from '#application/library/documents/reading.ts';
import type { WebPages } from '#application/library/documents/web-pages.ts';
import type { AdaptersInUse } from '#application/operations/ports.ts';
import type { Reads, Repos } from '#application/repos.ts';
import type { AskLog } from '#application/retrieval/answering/ask-log.ts';
import type { EmbedLog } from '#application/retrieval/embedding/embedder.ts';
import type { embeddingJob } from '#application/retrieval/embedding/embedding-job.ts';
import type { Embeddings } from '#application/retrieval/embedding/embeddings.ts';
import type { PassageFinder } from '#application/retrieval/finding/passage-finder.ts';
import type { AccessChange } from '#application/shared/access/access-change.ts';
import type { ReadThroughCache } from '#application/shared/cache.ts';
import type { Cipher, KeyedCipher } from '#application/shared/cipher.ts';
import type { Clock } from '#application/shared/clock.ts';
import type { EventBus } from '#application/shared/event-bus.ts';
import type { Ids } from '#application/shared/ids.ts';
import type { Leases } from '#application/shared/leases.ts';
import type { FollowLimits } from '#application/shared/live-slots.ts';
import type { RateLimiter } from '#application/shared/rate-limiter.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import type { WorkspaceMode } from '#application/workspaces/open-workspace.ts';
import type { WorkspaceMemberReads } from '#application/workspaces/ports.ts';
import type { SessionLimits } from '#domain/identity/session.ts';
import type { Fusion } from '#domain/retrieval/finding/fusion.ts';
import type { Records } from '../stores/records.ts';
import type { BackgroundTask } from '../workers/background.ts';

/** Creates a token whose type the compiler checks at each binding and use. */
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
  /** The record stores outside units of work. */
  reads: token<Reads>('Reads'),
  users: token<UserReads>('UserReads'),
  roles: token<RoleReads>('RoleReads'),
  passwordHashes: token<Pick<PasswordHashes, 'find'>>('PasswordHashes'),
  hasher: token<PasswordHasher>('PasswordHasher'),
  secrets: token<Secrets>('Secrets'),
  /** Of logins that failed; see `loginDigestKey`. */
  loginDigests: token<KeyedDigests>('LoginDigests'),
  sessions: token<Sessions>('Sessions'),
  failureLog: token<FailureLog>('FailureLog'),
  signInDelays: token<SignInDelays>('SignInDelays'),
  commonPasswords: token<CommonPasswords>('CommonPasswords'),
  tokenSecrets: token<ApiTokenSecrets>('ApiTokenSecrets'),
  tokenUses: token<TokenUseLog>('TokenUseLog'),
  workspaceMode: token<WorkspaceMode>('WorkspaceMode'),
  registration: token<Registration>('Registration'),
  sessionLimits: token<SessionLimits>('SessionLimits'),
  /** How long after a grant of a provider was tried it is due again, in milliseconds; 0: never. */
  recheckMs: token<number>('RecheckMs'),
  oauthProviders: token<OauthProviders>('OauthProviders'),
  /** Encrypts the state of sign-ins at providers; see `flowKey`. */
  flowCipher: token<Cipher>('FlowCipher'),
  /** Encrypts what is stored. */
  cipher: token<KeyedCipher>('Cipher'),
  cache: token<ReadThroughCache>('ReadThroughCache'),
  rateLimiter: token<RateLimiter>('RateLimiter'),
  workspaceMembers: token<WorkspaceMemberReads>('WorkspaceMemberReads'),
  memberships: token<MembershipReads>('MembershipReads'),
  threads: token<ThreadReads>('ThreadReads'),
  conversations: token<Conversations>('Conversations'),
  search: token<TranscriptSearch>('TranscriptSearch'),
  /** By words alone where no meaning is told: use cases are given `FindByMeaning`. */
  passageFinder: token<PassageFinder>('PassageFinder'),
  /** Null where no embedder is configured. */
  embeddings: token<Embeddings | null>('Embeddings'),
  embedLog: token<EmbedLog>('EmbedLog'),
  /** Null where no embedder is configured. */
  jobAfterReading: token<typeof embeddingJob | null>('JobAfterReading'),
  fusion: token<Fusion>('Fusion'),
  searchIndex: token<Records['search']>('SearchIndex'),
  contexts: token<Contexts>('Contexts'),
  leases: token<Leases>('Leases'),
  events: token<EventBus<ThreadEvent>>('EventBus'),
  accessChanges: token<EventBus<AccessChange>>('AccessChanges'),
  followLimits: token<FollowLimits>('FollowLimits'),
  threadsPerUser: token<number>('ThreadsPerUser'),
  compactor: token<Compactor>('Compactor'),
  textCounter: token<TextCounter>('TextCounter'),
  /** Bound several times: one list of routes for each routes file. */
  routes: token<readonly Route[]>('Routes'),
  messageLimits: token<MessageLimits>('MessageLimits'),
  importSettings: token<ImportSettings>('ImportSettings'),
  contextSettings: token<ContextSettings>('ContextSettings'),
  /** Null where none is configured. */
  languageModel: token<LanguageModel | null>('LanguageModel'),
  askLog: token<AskLog>('AskLog'),
  /** Milliseconds. */
  askDeadline: token<number>('AskDeadline'),
  replyLog: token<ReplyLog>('ReplyLog'),
  refinementLog: token<RefinementLog>('RefinementLog'),
  importLog: token<ImportLog>('ImportLog'),
  jobQueue: token<JobQueue>('JobQueue'),
  jobHandlers: token<JobHandlers<Repos>>('JobHandlers'),
  jobLog: token<JobLog>('JobLog'),
  files: token<Files>('Files'),
  fileKinds: token<FileKinds>('FileKinds'),
  documentReader: token<DocumentReader>('DocumentReader'),
  webPages: token<WebPages>('WebPages'),
  urlIngest: token<boolean>('UrlIngest'),
  fileCheckLog: token<FileCheckLog>('FileCheckLog'),
  /** Numbers between 0 and 1. */
  random: token<() => number>('Random'),
};
