/** The stores in memory with an audit log that takes no entry, and what was committed all the same. */
import { MemoryAuditLog } from '#adapters/memory/operations/audit.ts';
import { Changes } from '#adapters/memory/shared/tables.ts';

/** Runs the work while no entry can be added, and returns the changes that units of work committed in the meantime. */
export async function withoutAudit(work: () => Promise<unknown>): Promise<readonly unknown[]> {
  const committed: unknown[] = [];
  const pending = new WeakMap<Changes, unknown[]>();
  const { add } = MemoryAuditLog.prototype;
  const { set, remove, commit } = Changes.prototype;
  const note = (changes: Changes, change: unknown) => pending.set(changes, [...(pending.get(changes) ?? []), change]);
  MemoryAuditLog.prototype.add = async () => {
    throw new Error('no audit');
  };
  Changes.prototype.set = function (table, key, row) {
    note(this, row);
    set.call(this, table, key, row);
  };
  Changes.prototype.remove = function (table, key) {
    note(this, `removed ${key}`);
    remove.call(this, table, key);
  };
  Changes.prototype.commit = function () {
    committed.push(...(pending.get(this) ?? []));
    commit.call(this);
  };
  try {
    await work();
  } finally {
    MemoryAuditLog.prototype.add = add;
    Object.assign(Changes.prototype, { set, remove, commit });
  }
  return committed;
}
