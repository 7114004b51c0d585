/** The roles that every Tavernkeep has, as the domain declares them. */
import type { Roles } from '#application/identity/ports.ts';
import { BUILTIN_ROLES } from '#domain/identity/permissions.ts';

type Context = Readonly<{ roles: Roles }>;

/** Running it again brings the stored roles in line with the code. */
export async function up({ context }: { context: Context }): Promise<void> {
  for (const role of BUILTIN_ROLES) await context.roles.save(role);
}

/** Nothing is taken back: users may hold these roles, and they belong to the schema's meaning. */
export async function down(): Promise<void> {}
