/** What a workspace may use up: shown to its members, changed by those who run the installation. */
import { z } from 'zod';
import type { ChangeQuotas } from '#application/workspaces/change-quotas.ts';
import type { ReadWorkspaceUsage } from '#application/workspaces/read-workspace-usage.ts';
import { workspaceNotFound } from '#domain/shared/workspace-rights.ts';
import { leftOf, QUOTAS, type Quota, type QuotaUsage, resetsAt } from '#domain/workspaces/quota.ts';
import { jsonBody } from '../declaration/body.ts';
import { pathId } from '../declaration/input.ts';
import { type Route, route } from '../declaration/route.ts';

export type QuotaUseCases = Readonly<{ readWorkspaceUsage: ReadWorkspaceUsage; changeQuotas: ChangeQuotas }>;

const tag = 'Workspaces';
const workspace = pathId('workspace', workspaceNotFound);
const number = z.int().min(0);

const usageSchema = z
  .strictObject({
    quotas: z.array(
      z.strictObject({
        quota: z.enum(QUOTAS),
        limit: number.nullable().describe('Null where there is none.'),
        used: number.describe('Can be above a limit that was lowered later.'),
        left: number.nullable(),
        resets_at: z.iso
          .datetime()
          .nullable()
          .describe('When what is used counts no longer; null for what only deleting gives back.'),
      }),
    ),
  })
  .meta({ id: 'WorkspaceUsage' });

const limit = number.nullable().exactOptional();
const limits = jsonBody(
  z.strictObject({
    sources: limit,
    documents: limit,
    stored_bytes: limit,
    asks_per_minute: limit,
    asks_per_day: limit,
  } satisfies Record<Quota, typeof limit>),
);

export function quotaRoutes(useCases: QuotaUseCases): Route[] {
  return [readWorkspaceUsage(useCases), changeQuotas(useCases)];
}

function readWorkspaceUsage({ readWorkspaceUsage }: QuotaUseCases): Route {
  return route({
    method: 'get',
    path: '/workspaces/{id}/usage',
    tag,
    summary: 'What a workspace may use up, has used, and has left, for its members.',
    access: 'signed_in',
    params: { id: workspace },
    returns: { 200: usageSchema },
    async handle({ actor, params }) {
      return { status: 200, body: toUsageJson(await readWorkspaceUsage.execute(actor, params.id)) };
    },
  });
}

function changeQuotas({ changeQuotas }: QuotaUseCases): Route {
  return route({
    method: 'patch',
    path: '/workspaces/{id}/quotas',
    tag,
    summary: 'Change how much a workspace may use up; null for no limit. What is left out stays.',
    access: 'workspaces.create',
    params: { id: workspace },
    body: limits,
    returns: { 200: usageSchema },
    async handle({ actor, params, body }) {
      return { status: 200, body: toUsageJson(await changeQuotas.execute(actor, params.id, body)) };
    },
  });
}

function toUsageJson(usages: readonly QuotaUsage[]): z.input<typeof usageSchema> {
  return {
    quotas: usages.map((usage) => ({
      quota: usage.quota,
      limit: usage.limit,
      used: usage.used,
      left: leftOf(usage),
      resets_at: resetsAt(usage)?.toISOString() ?? null,
    })),
  };
}
