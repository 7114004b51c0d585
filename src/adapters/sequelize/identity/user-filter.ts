/** What listed users must match, as a condition in SQL. */
import { col, fn, literal, Op, type Sequelize, type WhereOptions, where } from 'sequelize';
import type { UserFilter } from '#application/identity/ports.ts';
import type { UserId } from '#domain/shared/ids.ts';

export function usersMatching(sequelize: Sequelize, filter: UserFilter, cursor: UserId | undefined): WhereOptions {
  const conditions: WhereOptions[] = [];
  if (cursor !== undefined) conditions.push({ id: { [Op.lt]: cursor } });
  if (filter.status !== undefined) conditions.push({ status: filter.status });
  if (filter.role !== undefined) {
    const holders = literal(`(SELECT user_id FROM user_roles WHERE role = ${sequelize.escape(filter.role)})`);
    conditions.push({ id: { [Op.in]: holders } });
  }
  if (filter.query !== undefined) conditions.push(naming(sequelize, filter.query));
  return { [Op.and]: conditions };
}

/** E-mail, username or display name has this text in it, whatever the case. The first two are stored in lower case. */
function naming(sequelize: Sequelize, query: string): WhereOptions {
  const sqlite = sequelize.getDialect() === 'sqlite';
  const folded = query.toLowerCase();
  const has = (column: Parameters<typeof fn>[1]) =>
    where(fn(sqlite ? 'instr' : 'strpos', column, folded), { [Op.gt]: 0 });
  // `folded` is our own: what SQLite calls lower knows ASCII alone.
  const displayName = fn(sqlite ? 'folded' : 'lower', col('display_name'));
  return { [Op.or]: [has(col('email')), has(col('username_key')), has(displayName)] };
}
