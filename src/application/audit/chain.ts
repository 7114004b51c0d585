/** The hash chain of the audit log: each hash covers its entry, its sequence and, through the last hash, all others. */
import type { AuditEntry } from '../shared/audit-log.ts';
import type { AuditHead, SealedEntry } from './ports.ts';

/** Returns the SHA-256 of a text in hexadecimal. */
export type Digest = (text: string) => string;

/**
 * Returns the canonical text of an entry, which is what is hashed. Its format must never change, because every stored
 * hash depends on it. Facts are sorted by name, so that the text does not depend on the order in which a store returns
 * them.
 */
export function canonical(entry: AuditEntry): string {
  return JSON.stringify([
    entry.id,
    entry.at.toISOString(),
    entry.actorId,
    entry.actorKind,
    entry.action,
    entry.subject,
    entry.outcome,
    ordered(entry.before),
    ordered(entry.after),
    entry.ip,
    entry.requestId,
  ]);
}

/** Returns the same JSON value with the names of every object sorted. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (value === null || typeof value !== 'object') return value;
  const names = Object.keys(value).toSorted();
  return Object.fromEntries(names.map((name) => [name, ordered((value as Record<string, unknown>)[name])]));
}

/** Returns the hash of the entry that follows `previous` in the chain. */
export function hashOf(previous: AuditHead, entry: AuditEntry, digest: Digest): string {
  return digest(`${previous.hash}\n${previous.sequence + 1}\n${canonical(entry)}`);
}

/** Returns the entries with the sequences and hashes that follow the head, in their order. */
export function sealedAfter(head: AuditHead, entries: readonly AuditEntry[], digest: Digest): readonly SealedEntry[] {
  let previous = head;
  return entries.map((entry) => {
    const sealed = { entry, sequence: previous.sequence + 1, hash: hashOf(previous, entry, digest) };
    previous = sealed;
    return sealed;
  });
}
