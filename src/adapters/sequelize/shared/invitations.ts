/** Invitations, to whatever they lead: the columns that they share, and the store. */
import { literal, type Model, type ModelStatic, Op, type Transaction, type WhereOptions } from 'sequelize';
import type { InvitationCursor, InvitationStore } from '#application/shared/invitations/ports.ts';
import type { Page, PageRequest } from '#application/shared/page.ts';
import type { InvitationId, UserId } from '#domain/shared/ids.ts';
import type { InvitationTerms } from '#domain/shared/invitation.ts';
import { dateFrom, integer, nullable, primaryKey, reference, text, time, unique } from './columns.ts';
import { newestFirst, olderRows, pageOf } from './keyset.ts';

export type TermsRow = {
  id: string;
  digest: string;
  email: string | null;
  max_uses: number;
  uses: number;
  created_by_user_id: string | null;
  created_at: number;
  expires_at: number;
  revoked_at: number | null;
};

/** New objects with each call, as columns are. */
export function termsColumns() {
  return {
    id: primaryKey(text()),
    digest: unique(text()),
    email: nullable(text()),
    max_uses: integer(),
    uses: integer(),
    created_by_user_id: nullable(reference('users')),
    created_at: time(),
    expires_at: time(),
    revoked_at: nullable(time()),
  };
}

export function termsFrom(row: TermsRow): InvitationTerms {
  return {
    id: row.id as InvitationId,
    digest: row.digest,
    email: row.email,
    maxUses: row.max_uses,
    uses: row.uses,
    createdByUserId: row.created_by_user_id as UserId | null,
    createdAt: dateFrom(row.created_at),
    expiresAt: dateFrom(row.expires_at),
    revokedAt: dateFrom(row.revoked_at),
  };
}

export function termsRowOf(invitation: InvitationTerms): TermsRow {
  return {
    id: invitation.id,
    digest: invitation.digest,
    email: invitation.email,
    max_uses: invitation.maxUses,
    uses: invitation.uses,
    created_by_user_id: invitation.createdByUserId,
    created_at: invitation.createdAt.getTime(),
    expires_at: invitation.expiresAt.getTime(),
    revoked_at: invitation.revokedAt?.getTime() ?? null,
  };
}

/** How invitations of one kind are stored. */
export type InvitationKind<One extends InvitationTerms, Row extends TermsRow> = Readonly<{
  /** The column of what they lead to. */
  targetColumn: keyof Row & string;
  from(row: Row): One;
  rowOf(invitation: One): Row;
}>;

type Deps<One extends InvitationTerms, Row extends TermsRow> = Readonly<{
  kind: InvitationKind<One, Row>;
  model: ModelStatic<Model<Row>>;
  transaction: Transaction | null;
}>;

export class SequelizeInvitations<Target extends string, One extends InvitationTerms, Row extends TermsRow>
  implements InvitationStore<Target, One>
{
  readonly #kind: InvitationKind<One, Row>;
  /** Seen by the columns that all kinds have. */
  readonly #model: ModelStatic<Model<TermsRow>>;
  readonly #transaction: Transaction | null;

  constructor({ kind, model, transaction }: Deps<One, Row>) {
    this.#kind = kind;
    this.#model = model as unknown as ModelStatic<Model<TermsRow>>;
    this.#transaction = transaction;
  }

  find(target: Target, id: InvitationId): Promise<One | undefined> {
    return this.#findWhere({ id, [this.#kind.targetColumn]: target });
  }

  findByDigest(digest: string): Promise<One | undefined> {
    return this.#findWhere({ digest });
  }

  async list(target: Target, { limit, cursor }: PageRequest<InvitationCursor>): Promise<Page<One, InvitationCursor>> {
    const rows = await this.#model.findAll({
      where: { [this.#kind.targetColumn]: target, ...olderRows('created_at', 'id', cursor) },
      order: newestFirst('created_at', 'id'),
      limit: limit + 1,
      transaction: this.#transaction,
    });
    const found = rows.map((row) => this.#kind.from(row.get() as Row));
    return pageOf(found, limit, (invitation) => ({ at: invitation.createdAt, id: invitation.id }));
  }

  async add(invitation: One): Promise<void> {
    await this.#model.create(this.#kind.rowOf(invitation), { transaction: this.#transaction });
  }

  async use(id: InvitationId): Promise<boolean> {
    const [changed] = await this.#model.update(
      { uses: literal('uses + 1') as unknown as number },
      { where: { id, revoked_at: null, uses: { [Op.lt]: literal('max_uses') } }, transaction: this.#transaction },
    );
    return changed === 1;
  }

  async revoke(id: InvitationId, at: Date): Promise<void> {
    const transaction = this.#transaction;
    await this.#model.update({ revoked_at: at.getTime() }, { where: { id, revoked_at: null }, transaction });
  }

  async #findWhere(where: WhereOptions<TermsRow>): Promise<One | undefined> {
    const row = await this.#model.findOne({ where, transaction: this.#transaction });
    return row === null ? undefined : this.#kind.from(row.get() as Row);
  }
}
