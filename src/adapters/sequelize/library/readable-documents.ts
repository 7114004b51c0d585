/** The one rule for who may read what is in the library, in SQL: what is asked for is joined with it. */

import { CHANGE_SOURCES, gameOfGm, type LibraryReader } from '#domain/library/library-reader.ts';
import type { WorkspaceId } from '#domain/shared/ids.ts';
import type { Values } from '../shared/statement.ts';

/** The values that the rules name, for `statement`. */
export const READER_TYPES = {
  reader_id: 'text',
  reader_workspaces: 'text',
  reader_changes_in: 'text',
  reader_gm_of: 'text?',
  reader_every_member_of: 'text?',
  reader_now: 'bigint',
} as const;

export function readerValues(reader: LibraryReader): Values<typeof READER_TYPES> {
  return {
    reader_id: reader.userId,
    reader_workspaces: listed(reader.workspaces),
    reader_changes_in: listed(reader.changesIn),
    reader_gm_of: gameOfGm(reader),
    reader_every_member_of: reader.everyMemberOf,
    reader_now: reader.now.getTime(),
  };
}

/** As text, in which each stands between two spaces. */
function listed(ids: readonly WorkspaceId[]): string {
  return ` ${ids.join(' ')} `;
}

/** Whether the workspace of `sources AS s` is one of these: no id has a space, and all have "_" in the same place. */
function isAmong(ids: 'reader_workspaces' | 'reader_changes_in'): string {
  return `:${ids} LIKE '% ' || s.workspace_id || ' %'`;
}

/** Whether a user (an expression) has a licence for a source that is valid at a time. */
export function isLicensed(source: string, user: string, now: string): string {
  return `EXISTS (
    SELECT 1 FROM source_access AS licence
    WHERE licence.source_id = ${source} AND licence.user_id = ${user} AND licence.revoked_at IS NULL
      AND licence.valid_from <= ${now} AND (licence.expires_at IS NULL OR licence.expires_at > ${now}))`;
}

/** The rest of the members of the game; of the reader the other conditions say it. */
function everyOtherMember(may: string): string {
  return `(:reader_every_member_of IS NULL OR EXISTS (
    SELECT 1 FROM games WHERE games.id = :reader_every_member_of AND games.workspace_id = s.workspace_id
  ) AND NOT EXISTS (
    SELECT 1 FROM game_members AS member
    WHERE member.game_id = :reader_every_member_of AND member.user_id <> :reader_id
      AND NOT EXISTS (
        SELECT 1 FROM workspace_members AS own
        WHERE own.workspace_id = s.workspace_id AND own.user_id = member.user_id AND own.role <> 'reader')
      AND NOT EXISTS (
        SELECT 1 FROM user_roles JOIN role_permissions ON role_permissions.role = user_roles.role
        WHERE user_roles.user_id = member.user_id AND role_permissions.permission = '${CHANGE_SOURCES}')
      AND NOT (${may})))`;
}

const SOURCE_IS_LICENSED = `(${isAmong('reader_workspaces')} AND (s.included OR ${isAmong('reader_changes_in')}
  OR ${isLicensed('s.id', ':reader_id', ':reader_now')}))`;
const MEMBER_IS_LICENSED = `(s.included OR ${isLicensed('s.id', 'member.user_id', ':reader_now')})`;

/** A condition on `sources AS s`: whether the source is there for the reader. */
export const SOURCE_IS_READABLE = `(${SOURCE_IS_LICENSED} AND ${everyOtherMember(MEMBER_IS_LICENSED)})`;

/** A condition on `documents AS d JOIN sources AS s ON s.id = d.source_id`: whether it is there for the reader. */
export const DOCUMENT_IS_READABLE = `(${SOURCE_IS_LICENSED}
  AND (d.audience = 'everyone' OR ${isAmong('reader_changes_in')} OR EXISTS (
    SELECT 1 FROM game_members AS led JOIN games ON games.id = led.game_id
    WHERE led.user_id = :reader_id AND led.role_in_game = 'gm' AND games.workspace_id = s.workspace_id
      AND (:reader_gm_of IS NULL OR led.game_id = :reader_gm_of)))
  AND ${everyOtherMember(`${MEMBER_IS_LICENSED} AND (d.audience = 'everyone' OR member.role_in_game = 'gm')`)})`;
