/** Creates an invitation to a workspace: a code that can be used a limited number of times until it expires. */
import type { UserActor } from '#domain/shared/actor.ts';
import type { WorkspaceId } from '#domain/shared/ids.ts';
import type { WorkspaceRole } from '#domain/shared/workspace-rights.ts';
import { workspaceInvitationFacts } from '#domain/workspaces/audit-facts.ts';
import type { WorkspaceInvitation } from '#domain/workspaces/invitation.ts';
import { requireGiver } from '#domain/workspaces/policy.ts';
import { checkNotHome } from '#domain/workspaces/workspace.ts';
import type { Secrets } from '../identity/ports.ts';
import type { AuditEntries, AuditLog } from '../shared/audit-log.ts';
import type { Clock } from '../shared/clock.ts';
import type { IdempotencyKeys, ToStoredResponse } from '../shared/idempotency.ts';
import type { Ids } from '../shared/ids.ts';
import { newTerms, type TermsInput } from '../shared/invitations/new-terms.ts';
import type { UnitOfWork } from '../shared/unit-of-work.ts';
import type { WorkspaceInvitations } from './ports.ts';
import { type MemberRepos, roleOfMember } from './workspace-access.ts';

type Deps = Readonly<{
  unitOfWork: UnitOfWork<
    MemberRepos & {
      workspaceInvitations: Pick<WorkspaceInvitations, 'add'>;
      audit: AuditLog;
      idempotency: IdempotencyKeys;
    }
  >;
  audit: AuditEntries;
  secrets: Secrets;
  clock: Clock;
  ids: Ids;
}>;

export type InviteToWorkspaceInput = TermsInput & Readonly<{ role: WorkspaceRole }>;

/** The only place where `code` appears: afterwards only its digest is stored. */
export type InvitedToWorkspace = Readonly<{ invitation: WorkspaceInvitation; code: string }>;

export class InviteToWorkspace {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Throws 404 `workspace_not_found`; 403 `workspace_admin_required`, `workspace_owner_required`; 409 `home_workspace`.
   * `toStoredResponse` receives the invitation without its code.
   */
  async execute(
    actor: UserActor,
    workspaceId: WorkspaceId,
    { role, ...input }: InviteToWorkspaceInput,
    toStoredResponse?: ToStoredResponse<WorkspaceInvitation>,
  ): Promise<InvitedToWorkspace> {
    const { unitOfWork, audit } = this.#deps;
    const { terms, code } = newTerms(this.#deps, actor, input);
    const invitation: WorkspaceInvitation = { ...terms, workspaceId, role };
    const entry = audit.by(actor, {
      action: 'workspace_invitations.create',
      subject: `workspace:${workspaceId}`,
      after: workspaceInvitationFacts(invitation),
    });
    await unitOfWork.run(async (repos) => {
      requireGiver(await roleOfMember(repos, actor, workspaceId), role);
      checkNotHome(workspaceId);
      await repos.workspaceInvitations.add(invitation);
      await repos.audit.add(entry);
      if (toStoredResponse !== undefined) await repos.idempotency.add(toStoredResponse(invitation));
    });
    return { invitation, code };
  }
}
