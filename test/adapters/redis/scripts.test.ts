/**
 * After which scripts a caller is told that nobody knows whether it was done: those that must not be taken for undone.
 */
import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { EmbeddedSignInDelays } from '#adapters/embedded/sign-in-delays.ts';
import type { RedisCalls } from '#adapters/redis/link.ts';
import { scriptOf } from '#adapters/redis/scripts.ts';
import { RedisSessions } from '#adapters/redis/sessions.ts';
import { RedisSignInDelays } from '#adapters/redis/sign-in-delays.ts';
import { aSession, at, newId } from '../../support/builders/records.ts';

describe('The scripts of Redis', () => {
  it('change something where a session begins or ends or failures are forgotten, and not where one is used', async () => {
    const changes: Record<string, boolean> = {};
    const redis = {
      run: async (script: { name: string; changes: boolean }) => {
        changes[script.name] = script.changes;
        return [];
      },
    } as unknown as RedisCalls;
    const [sessions, session] = [new RedisSessions({ redis }), aSession(newId('user'))];
    await sessions.begin(session, 9);
    await sessions.touch(session);
    await sessions.listByUser(session.userId, at(0));
    await sessions.end(session.digest);
    await sessions.endByUser(session.userId, at(0));
    const delays = new RedisSignInDelays({ redis, meanwhile: new EmbeddedSignInDelays() });
    await delays.attempt({ account: 'vex', address: null }, at(0));
    await delays.unlock(['vex']);
    expect(changes).to.deep.equal({
      'begin-session': true,
      'touch-session': false,
      'list-user-sessions': false,
      'end-session': true,
      'end-user-sessions': true,
      'sign-in-delay': false,
      'forget-failures': true,
    });
  });

  it('are known by the SHA-1 of their text, and change nothing unless that is said', () => {
    const source = 'return 1';
    const sha = createHash('sha1').update(source).digest('hex');
    expect(scriptOf('one', source)).to.deep.equal({ name: 'one', source, sha, changes: false });
  });
});
