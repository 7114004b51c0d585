/** Binds what is opened before the wiring: record stores, speed layer, compactor and settings. */
import { ContainerModule } from 'inversify';
import { fileKinds } from '#adapters/documents/file-kinds.ts';
import type { ContextSettings } from '#application/conversations/context-settings.ts';
import type { Compactor, TextCounter } from '#application/conversations/ports.ts';
import { PendingRefinements } from '#application/conversations/refinement/pending-refinements.ts';
import type { TranscriptSearch } from '#application/conversations/search/transcript-search.ts';
import type { TokenUseLog } from '#application/identity/ports.ts';
import type { Files } from '#application/library/documents/files.ts';
import type { DocumentReader } from '#application/library/documents/reading.ts';
import type { Reads, RecordStores } from '#application/repos.ts';
import type { PassageFinder } from '#application/retrieval/finding/passage-finder.ts';
import type { Config } from '../config/config.ts';
import type { Records } from '../stores/records.ts';
import type { SpeedLayer } from '../stores/speed-layer.ts';
import { tokens } from './tokens.ts';

export function recordsModule(records: RecordStores): ContainerModule {
  return new ContainerModule(({ bind }) => {
    bind(tokens.unitOfWork).toConstantValue(records.unitOfWork);
    bind(tokens.reads).toConstantValue(records.reads);
    bind(tokens.users).toConstantValue(records.users);
    bind(tokens.roles).toConstantValue(records.roles);
    bind(tokens.passwordHashes).toConstantValue(records.passwordHashes);
    bind(tokens.workspaceMembers).toConstantValue(records.workspaceMembers);
    bind(tokens.memberships).toConstantValue(records.memberships);
    bind(tokens.threads).toConstantValue(records.threads);
    bind(tokens.conversations).toConstantValue(records.conversations);
    bind(tokens.jobQueue).toConstantValue(records.jobQueue);
  });
}

/** Binds the searches that use cases are given, and the index that is kept for one of them. */
export function searchStoreModule(
  search: TranscriptSearch,
  finder: PassageFinder,
  index: Records['search'],
): ContainerModule {
  return new ContainerModule(({ bind }) => {
    bind(tokens.search).toConstantValue(search);
    bind(tokens.passageFinder).toConstantValue(finder);
    bind(tokens.searchIndex).toConstantValue(index);
  });
}

/** Binds where the originals of documents are, and what reads them. */
export function filesModule(files: Files, reader: DocumentReader): ContainerModule {
  return new ContainerModule(({ bind }) => {
    bind(tokens.files).toConstantValue(files);
    bind(tokens.fileKinds).toConstantValue(fileKinds);
    bind(tokens.documentReader).toConstantValue(reader);
  });
}

/** Binds record stores that were opened for reading only. */
export function readsModule(reads: Reads): ContainerModule {
  return new ContainerModule(({ bind }) => {
    bind(tokens.reads).toConstantValue(reads);
  });
}

export function speedLayerModule(speedLayer: SpeedLayer): ContainerModule {
  return new ContainerModule(({ bind }) => {
    bind(tokens.sessions).toConstantValue(speedLayer.sessions);
    bind(tokens.cache).toConstantValue(speedLayer.cache);
    bind(tokens.rateLimiter).toConstantValue(speedLayer.rateLimiter);
    bind(tokens.signInDelays).toConstantValue(speedLayer.signInDelays);
    bind(tokens.contexts).toConstantValue(speedLayer.contexts);
    bind(tokens.leases).toConstantValue(speedLayer.leases);
    bind(tokens.events).toConstantValue(speedLayer.events);
    bind(tokens.accessChanges).toConstantValue(speedLayer.accessChanges);
  });
}

export type CompactionParts = Readonly<{
  pending: PendingRefinements;
  settings: ContextSettings;
  compactor: Compactor;
  textCounter: TextCounter;
  tokenUses: TokenUseLog;
}>;

/** Binds the settings and tools of conversations, and the log of token uses. */
export function compactionModule(config: Config, { settings, ...parts }: CompactionParts): ContainerModule {
  return new ContainerModule(({ bind }) => {
    bind(tokens.contextSettings).toConstantValue(settings);
    const messages = { messageMaxChars: config.MESSAGE_MAX_CHARS };
    bind(tokens.messageLimits).toConstantValue(messages);
    const maxBytes = config.IMPORT_MAX_MIB * 1024 * 1024;
    bind(tokens.importSettings).toConstantValue({ context: settings, messages, maxBytes });
    bind(PendingRefinements).toConstantValue(parts.pending);
    bind(tokens.compactor).toConstantValue(parts.compactor);
    bind(tokens.textCounter).toConstantValue(parts.textCounter);
    bind(tokens.tokenUses).toConstantValue(parts.tokenUses);
  });
}

/** Binds the list of adapters in use, which the operator can read. */
export function adaptersModule(
  { kind }: Records,
  { kinds }: SpeedLayer,
  { settings }: CompactionParts,
): ContainerModule {
  return new ContainerModule(({ bind }) => {
    bind(tokens.adapters).toConstantValue({ records: kind, ...kinds, token_estimator: settings.estimator.name });
  });
}
