/** The audit log: read in pages, and downloaded whole. */
import { z } from 'zod';
import type { ExportAudit } from '#application/audit/export-audit.ts';
import type { ListAudit } from '#application/audit/list-audit.ts';
import type { AuditFilter } from '#application/audit/ports.ts';
import type { AuditEntry } from '#application/shared/audit-log.ts';
import type { UserId } from '#domain/shared/ids.ts';
import { httpErrors } from '../declaration/http-errors.ts';
import { bodyId, cursor, limit, text } from '../declaration/input.ts';
import { pageOf, time } from '../declaration/output.ts';
import { type Route, route } from '../declaration/route.ts';
import { ndjson, ndjsonSchema } from '../declaration/stream.ts';
import { timeCursor } from '../declaration/time-cursor.ts';

export type AuditUseCases = Readonly<{ listAudit: ListAudit; exportAudit: ExportAudit }>;

const tag = 'Administration';
const facts = z.record(z.string(), z.unknown()).nullable();

const auditSchema = z
  .strictObject({
    id: z.string(),
    at: time,
    actor_id: z.string().nullable(),
    actor_kind: z.enum(['user', 'token', 'anonymous', 'system']),
    action: z.string(),
    subject: z.string().nullable(),
    outcome: z.enum(['done', 'refused', 'failed']),
    before: facts,
    after: facts,
    ip: z.string().nullable(),
    request_id: z.string().nullable(),
  })
  .meta({ id: 'AuditEntry' });

function toAuditEntryJson(entry: AuditEntry): z.input<typeof auditSchema> {
  return {
    id: entry.id,
    at: entry.at.toISOString(),
    actor_id: entry.actorId,
    actor_kind: entry.actorKind,
    action: entry.action,
    subject: entry.subject,
    outcome: entry.outcome,
    before: entry.before,
    after: entry.after,
    ip: entry.ip,
    request_id: entry.requestId,
  };
}

const filter = {
  actor: text(1, 100).exactOptional().describe('Id of the user who acted.'),
  action: text(1, 100).exactOptional().describe('Such as `users.create`.'),
  subject: text(1, 200).exactOptional().describe('What was acted on, such as `user:usr_…`.'),
  since: z.iso.datetime().exactOptional().describe('From this moment on.'),
};

function filterOf(query: z.output<z.ZodObject<typeof filter>>): AuditFilter {
  const { actor, since, ...rest } = query;
  return {
    ...rest,
    ...(actor === undefined ? {} : { actor: actor as UserId }),
    ...(since === undefined ? {} : { since: new Date(since) }),
  };
}

const auditCursor = timeCursor(bodyId('auditEntry'));

export function auditRoutes(useCases: AuditUseCases): Route[] {
  return [list(useCases), download(useCases)];
}

function list({ listAudit }: AuditUseCases): Route {
  return route({
    method: 'get',
    path: '/admin/audit',
    tag,
    summary: 'The audit log, newest first.',
    access: 'audit.read',
    query: z.strictObject({ limit, cursor, ...filter }),
    returns: { 200: pageOf(auditSchema) },
    errors: [httpErrors.malformedCursor],
    async handle({ actor, query: { limit, cursor, ...query } }) {
      const page = await listAudit.execute(actor, filterOf(query), auditCursor.decode({ limit, cursor }));
      return {
        status: 200,
        body: { items: page.items.map(toAuditEntryJson), next_cursor: auditCursor.encode(page.next) },
      };
    },
  });
}

function download({ exportAudit }: AuditUseCases): Route {
  return route({
    method: 'get',
    path: '/admin/audit/export',
    tag,
    summary: 'All of the audit log that matches, newest first, one JSON object a line.',
    access: 'audit.read',
    query: z.strictObject(filter),
    returns: { 200: ndjsonSchema(auditSchema) },
    async handle({ actor, query }) {
      const pages = await exportAudit.execute(actor, filterOf(query));
      return { status: 200, stream: ndjson(pages, toAuditEntryJson) };
    },
  });
}
