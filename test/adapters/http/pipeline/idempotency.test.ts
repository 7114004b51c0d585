/** How requests are told apart under their keys, and what is kept of their bodies. */
import { hash } from 'node:crypto';
import { expect } from 'chai';
import type { Reply } from '#adapters/http/declaration/route.ts';
import { Idempotency, type KeyedRequest } from '#adapters/http/pipeline/idempotency.ts';
import type { StoredResponse } from '#application/shared/idempotency.ts';
import { at, newId } from '../../../support/builders/records.ts';

const [FIRST, SECOND] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
const ACTOR = newId('user');
const REQUEST: KeyedRequest = {
  key: 'k',
  actorId: ACTOR,
  method: 'POST',
  path: '/admin/users',
  body: { password: 'Tr0ub4dor' },
};

describe('Idempotency', () => {
  let stored: Map<string, StoredResponse>;
  beforeEach(() => {
    stored = new Map();
  });

  /** What answers in a process with these keys; each effect is counted. */
  function answering(...bodyKeys: readonly [Buffer, ...Buffer[]]): (request: KeyedRequest) => Promise<string> {
    const idempotency = new Idempotency({
      reads: { idempotency: { find: async (key) => stored.get(key) } },
      clock: { now: () => at(0) },
      bodyKeys,
    });
    const reply: Reply = { status: 201 };
    return async (request) => {
      const answer = await idempotency.answer(request, {
        first: async (storeResponse) => {
          const response = storeResponse(
            () => ({ n: 1 }),
            () => newId('user'),
          )?.({});
          if (response !== undefined) stored.set(response.key, response);
          return reply;
        },
        replay: async () => reply,
      });
      return answer.headers?.['Idempotent-Replayed'] === 'true' ? 'replayed' : 'first';
    };
  }

  it('holds a key for one actor, method and path', async () => {
    const answer = answering(FIRST);
    const others = [{}, { actorId: newId('user') }, { method: 'PUT' }, { path: '/games' }, { key: 'l' }];
    for (const other of others) expect(await answer({ ...REQUEST, ...other })).to.equal('first');
    for (const other of others) expect(await answer({ ...REQUEST, ...other })).to.equal('replayed');
    expect(stored.size).to.equal(others.length);
  });

  it('keeps a digest of the body that nobody can search for without the key', async () => {
    await answering(FIRST)(REQUEST);
    const [first] = stored.values();
    stored.clear();
    await answering(SECOND)(REQUEST);
    const [second] = stored.values();
    const plain = hash('sha256', JSON.stringify(REQUEST.body), 'base64url');
    expect(new Set([plain, first?.bodyDigest, second?.bodyDigest])).to.have.property('size', 3);
    expect(first?.key).to.equal(second?.key);
    expect(first).to.include({ actorId: ACTOR });
  });

  it('knows the same body again after a key was put before the old one, and not after the old one is gone', async () => {
    await answering(FIRST)(REQUEST);
    expect(await answering(SECOND, FIRST)(REQUEST)).to.equal('replayed');
    const outcome = await answering(SECOND)(REQUEST).catch((error) => error.code);
    expect(outcome).to.equal('idempotency_key_reused');
  });
});
