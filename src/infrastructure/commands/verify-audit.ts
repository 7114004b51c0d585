/** `npm run audit:verify`: verifies the hash chain of the audit log; the server may be running. */
import { openReadOnly } from '#adapters/sequelize/sqlite/read-only.ts';
import type { AuditHead } from '#application/audit/ports.ts';
import { type AuditVerdict, type BrokenLink, VerifyAudit } from '#application/audit/verify-audit.ts';
import type { Reads } from '#application/repos.ts';
import { type Config, ConfigError } from '../config/config.ts';
import { databaseOf, explained } from '../config/database-setting.ts';
import { createContainer } from '../container.ts';
import { openDatabase } from '../stores/records.ts';
import { readsModule } from '../wiring/stores.ts';

type OpenAudit = Readonly<{ reads: Reads; close(): Promise<void> }>;

/** A head as it is printed: sequence, colon, SHA-256. */
const HEAD = /^(?<sequence>\d{1,15}):(?<hash>[0-9a-f]{64})$/;

/** `noted` is a head that an earlier verification printed. Returns the exit code: 1 if a link is broken. */
export async function verifyAudit(
  config: Config,
  noted: string | undefined,
  print: (line: string) => void,
): Promise<number> {
  const head = noted === undefined ? null : headOf(noted);
  const opened = await openAudit(config);
  try {
    const container = await createContainer(config, readsModule(opened.reads));
    const verdict = await container.get(VerifyAudit).execute(head);
    for (const line of reportOf(verdict)) print(line);
    return verdict.broken === null ? 0 : 1;
  } catch (error) {
    // Sequelize wraps the driver's error, which has the code that explains it.
    throw explained((error as { parent?: unknown }).parent ?? error, databaseOf(config));
  } finally {
    await opened.close();
  }
}

function headOf(text: string): AuditHead {
  const { sequence, hash } = HEAD.exec(text)?.groups ?? {};
  if (sequence === undefined || hash === undefined) throw new Error('A head is a number, a colon and 64 digits.');
  return { sequence: Number(sequence), hash };
}

/** Opens the log for reading: a SQLite file read-only, which needs no lock, or PostgreSQL without the server's lock. */
async function openAudit(config: Config): Promise<OpenAudit> {
  const setting = databaseOf(config);
  if (setting.kind === 'memory') throw new ConfigError(['DATABASE_URL: a database in memory is gone by now']);
  if (setting.kind === 'sqlite') return openReadOnly(setting.file);
  const database = await openDatabase(config, 'none');
  return { reads: database.stores().reads, close: () => database.close() };
}

function* reportOf({ verified, head, broken, unsealed }: AuditVerdict): Iterable<string> {
  if (broken !== null) yield `BROKEN at place ${broken.sequence}: ${FAULTS[broken.fault]}${idOf(broken)}`;
  yield `links that hold: ${verified}`;
  if (verified > 0) yield `head: ${head.sequence}:${head.hash}`;
  if (unsealed.length > 0) yield `not sealed yet: ${unsealed.join(', ')}`;
}

const FAULTS: Readonly<Record<BrokenLink['fault'], string>> = {
  missing: 'the entry that belongs there is gone',
  altered: 'the entry, or its hash, is not what was sealed',
  beyond_head: 'the head of the chain was set back behind this entry',
  not_as_noted: 'the chain was made anew: it does not go through the head that you named',
};

function idOf({ id }: BrokenLink): string {
  return id === null ? '' : ` (${id})`;
}
