/** The chain that seals the audit log: each hash stands for its entry, its place, and every entry before it. */
import type { AuditEntry } from '../shared/audit-log.ts';
import type { AuditHead, SealedEntry } from './ports.ts';

/** SHA-256 of a text, in hexadecimal. */
export type Digest = (text: string) => string;

/** One text for one entry, whatever the store and whatever the order in which facts were written down. */
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

/** The same JSON with the names of every object in ascending order. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (value === null || typeof value !== 'object') return value;
  const names = Object.keys(value).toSorted();
  return Object.fromEntries(names.map((name) => [name, ordered((value as Record<string, unknown>)[name])]));
}

export function hashOf(previous: AuditHead, entry: AuditEntry, digest: Digest): string {
  return digest(`${previous.hash}\n${previous.sequence + 1}\n${canonical(entry)}`);
}

/** Gives entries the places after the head, in their order. */
export function sealedAfter(head: AuditHead, entries: readonly AuditEntry[], digest: Digest): readonly SealedEntry[] {
  let previous = head;
  return entries.map((entry) => {
    const sealed = { entry, sequence: previous.sequence + 1, hash: hashOf(previous, entry, digest) };
    previous = sealed;
    return sealed;
  });
}
