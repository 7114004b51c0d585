/** Statements bind values by name, on both databases, and one that does not fit its values cannot be declared. */
import { expect } from 'chai';
import { inOrder, statement } from '#adapters/sequelize/shared/statement.ts';

describe('A statement', () => {
  const TYPES = { thread: 'text', at: 'integer?' } as const;

  it('numbers its values in the order of their types, each as often as it is used', () => {
    const { text, names } = statement('page', TYPES, 'SELECT 1 WHERE at < :at OR (at = :at AND id = :thread)');
    expect(names).to.deep.equal(['thread', 'at']);
    expect(text.sqlite).to.equal('SELECT 1 WHERE at < ?2 OR (at = ?2 AND id = ?1)');
    expect(text.postgres).to.equal('SELECT 1 WHERE at < $2::integer OR (at = $2::integer AND id = $1::text)');
  });

  it('binds values by their names, in whatever order they are given', () => {
    const page = statement('page', TYPES, 'SELECT :thread, :at');
    expect(inOrder(page, { at: null, thread: 'thr_1' })).to.deep.equal(['thr_1', null]);
  });

  it('takes a cast for no value', () => {
    const { text } = statement('cast', { n: 'integer' }, 'SELECT (:n)::text, json::text');
    expect(text.postgres).to.equal('SELECT ($1::integer)::text, json::text');
  });

  it('may read otherwise on each database', () => {
    const { text } = statement('own', { n: 'text' }, (dialect) => `SELECT ${dialect}(:n)`);
    expect(text).to.deep.equal({ sqlite: 'SELECT sqlite(?1)', postgres: 'SELECT postgres($1::text)' });
  });

  it('cannot be declared with a name that has no type, or a type whose name it leaves out, on either database', () => {
    const declare = (types: Record<string, 'text'>, text: Parameters<typeof statement>[2]) => () =>
      statement('broken', types, text);
    expect(declare({ a: 'text' }, 'SELECT :a, :b')).to.throw('disagree on: b');
    expect(declare({ a: 'text', b: 'text' }, 'SELECT :a')).to.throw('disagree on: b');
    expect(declare({ a: 'text' }, (dialect) => (dialect === 'sqlite' ? 'SELECT :a' : 'SELECT :A'))).to.throw('A, a');
    expect(declare({ a: 'text' }, (dialect) => (dialect === 'postgres' ? 'SELECT :a' : 'SELECT 1'))).to.throw('a');
  });
});
