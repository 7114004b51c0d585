/** The one rule for who may read what is in the library, in SQL: what is asked for is joined with it. */
import { gameOfGm, type LibraryReader } from '#domain/library/library-reader.ts';
import type { Values } from '../shared/statement.ts';

/** Whoever holds it changes sources, and reads what they change. */
const MAY_CHANGE = 'sources.write';

/** The values that the rules name, for `statement`. */
export const READER_TYPES = {
  reader_id: 'text',
  reader_may_change: 'boolean',
  reader_gm_of: 'text?',
  reader_every_member_of: 'text?',
  reader_now: 'bigint',
} as const;

export function readerValues(reader: LibraryReader): Values<typeof READER_TYPES> {
  return {
    reader_id: reader.userId,
    reader_may_change: reader.mayChangeSources,
    reader_gm_of: gameOfGm(reader),
    reader_every_member_of: reader.everyMemberOf,
    reader_now: reader.now.getTime(),
  };
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
  return `(:reader_every_member_of IS NULL OR NOT EXISTS (
    SELECT 1 FROM game_members AS member
    WHERE member.game_id = :reader_every_member_of AND member.user_id <> :reader_id
      AND NOT EXISTS (
        SELECT 1 FROM user_roles JOIN role_permissions ON role_permissions.role = user_roles.role
        WHERE user_roles.user_id = member.user_id AND role_permissions.permission = '${MAY_CHANGE}')
      AND NOT (${may})))`;
}

const SOURCE_IS_LICENSED = `(s.included OR :reader_may_change OR ${isLicensed('s.id', ':reader_id', ':reader_now')})`;
const MEMBER_IS_LICENSED = `(s.included OR ${isLicensed('s.id', 'member.user_id', ':reader_now')})`;

/** A condition on `sources AS s`: whether the source is there for the reader. */
export const SOURCE_IS_READABLE = `(${SOURCE_IS_LICENSED} AND ${everyOtherMember(MEMBER_IS_LICENSED)})`;

/** A condition on `documents AS d JOIN sources AS s ON s.id = d.source_id`: whether it is there for the reader. */
export const DOCUMENT_IS_READABLE = `(${SOURCE_IS_LICENSED}
  AND (d.audience = 'everyone' OR :reader_may_change OR EXISTS (
    SELECT 1 FROM game_members AS led
    WHERE led.user_id = :reader_id AND led.role_in_game = 'gm'
      AND (:reader_gm_of IS NULL OR led.game_id = :reader_gm_of)))
  AND ${everyOtherMember(`${MEMBER_IS_LICENSED} AND (d.audience = 'everyone' OR member.role_in_game = 'gm')`)})`;
