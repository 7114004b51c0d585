/** A workspace full of things that nobody outside may know of, and how every route is called from outside. */
import type { UserId, WorkspaceId } from '#domain/shared/ids.ts';
import { tokens } from '#infrastructure/wiring/tokens.ts';
import { aDocument, aPassage } from '../builders/documents.ts';
import { anAccess, aSource } from '../builders/records.ts';
import { aWorkspaceMembership } from '../builders/workspaces.ts';
import type { AuthorizationFixture, Person } from './authorization-fixture.ts';

/** Stands in every text of the foreign workspace that a route could show. */
export const MARK = 'zzqnorthernzz';

/** What begins in a workspace and can be told by `workspace_id`. */
const STARTS = ['/games', '/sources', '/chat'];

/** The workspace, and the same world in which every new user is an owner of it and makes things there. */
export type Foreign = Readonly<{ id: WorkspaceId; world: AuthorizationFixture }>;

export async function openForeign(world: AuthorizationFixture): Promise<Foreign> {
  const { client } = await world.person('admin');
  const id: WorkspaceId = (await client.post('/workspaces', { name: `The ${MARK}` })).body.id;
  const person = async (role: string): Promise<Person> => {
    const insider = await world.person(role);
    await join(world, id, insider.user.id);
    const { client } = insider;
    const post: typeof client.post = (path, body, headers) => {
      const where = STARTS.includes(path) ? { workspace_id: id } : {};
      return Object.getPrototypeOf(client).post.call(client, path, marked(body, where), headers);
    };
    return { ...insider, client: Object.assign(client, { post }) };
  };
  return { id, world: Object.create(world, { person: { value: person }, workspaceId: { value: id } }) };
}

/** A passage of a source in the workspace to which somebody outside has a licence. */
export async function aForeignPassage({ id: workspaceId, world }: Foreign, userId: UserId): Promise<void> {
  const source = aSource({ workspaceId, included: true });
  const document = aDocument(source.id);
  const text = `A prone creature of the ${MARK} crawls, one and all.`;
  await world.container.get(tokens.unitOfWork).run(async ({ sources, documents, passages, sourceAccesses }) => {
    await sources.add(source);
    await documents.add(document);
    await passages.add([aPassage(document, { headingPath: `Prone in the ${MARK}`, text })]);
    await sourceAccesses.save(anAccess(source.id, userId, { expiresAt: null }), workspaceId);
  });
}

/** As an owner: whoever makes a thing of some kind may. */
async function join({ container }: AuthorizationFixture, id: WorkspaceId, userId: UserId): Promise<void> {
  const membership = aWorkspaceMembership(id, userId, { role: 'owner', joinedAt: new Date() });
  await container.get(tokens.unitOfWork).run(({ workspaceMembers }) => workspaceMembers.add(membership));
}

/** With the mark in what is shown of it. */
function marked(body: unknown, where: object): unknown {
  if (typeof body !== 'object' || body === null) return body;
  const texts = Object.entries(body).filter(([name]) => ['name', 'title', 'content'].includes(name));
  return { ...body, ...Object.fromEntries(texts.map(([name, text]) => [name, `${text} ${MARK}`])), ...where };
}

/**
 * Routes that are about the installation and not about what a workspace owns, with what of a workspace they can show,
 * and to whom: an admin of the installation watches over all of it.
 */
export const OF_THE_INSTALLATION: Readonly<Record<string, string>> = {
  'GET /admin/audit': '`audit.read`: the log of the installation, whose chain has every workspace',
  'GET /admin/audit/export': '`audit.read`: the same as a file',
  'GET /admin/stats': '`system.read`: counts of the whole installation, by no workspace',
  'GET /jobs/{id}': '`system.read` sees every job; without it only whoever asked for it does',
  'POST /jobs/{id}/cancel': '`jobs.manage` ends every job',
  'POST /jobs/{id}/retry': '`jobs.manage` tries every job again',
};

/** Whoever has the code of an invitation has been told of what it leads to. */
export const BY_CODE: Readonly<Record<string, string>> = {
  'GET /invitations/{code}': 'the code is the secret: it shows the name of the game, and nothing else',
  'POST /invitations/{code}/accept': 'refused with a 404 that says whom to ask: 404 `invitation_for_members`',
  'POST /invitations/{code}/decline': 'the same',
};

/** Beginnings of routes on what belongs to a user or to the installation: no workspace owns it. */
export const OWNED_BY_NO_WORKSPACE = ['/auth/', '/admin/users', '/admin/roles', '/admin/permissions'];
