/** The ways to Redis: TLS with a certificate that is trusted, and sentinels that know the master of the moment. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import tls from 'node:tls';
import { expect } from 'chai';
import { RedisConnection } from '#adapters/redis/connection.ts';
import { failureOf } from '../../support/reporting/refusals.ts';
import { freePort } from '../../support/servers/free-port.ts';
import { MASTER_NAME, OwnRedis, withOwnRedis } from '../../support/servers/own-redis.ts';
import { temporaryFolder } from '../../support/servers/temporary-database.ts';
import { until } from '../../support/until.ts';

const OPENSSL = 'openssl';

withOwnRedis('the way to Redis', () => {
  const started: OwnRedis[] = [];
  const start = async (redis: Promise<OwnRedis>) => {
    started.push(await redis);
    return started.at(-1) as OwnRedis;
  };
  afterEach(async () => {
    for (const redis of started.splice(0)) await redis.remove();
  });

  it('is TLS where the URL says rediss, and ends at a certificate that nobody trusts', async () => {
    const folder = temporaryFolder();
    const [key, certificate] = [join(folder, 'redis.key'), join(folder, 'redis.crt')];
    const made = ['-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', certificate, '-subj', '/CN=redis'];
    execFileSync(OPENSSL, ['req', ...made, '-addext', 'subjectAltName=IP:127.0.0.1'], { stdio: 'ignore' });
    const port = await freePort();
    const options = ['--tls-port', String(port), '--tls-auth-clients', 'no'];
    await start(OwnRedis.start(...options, '--tls-key-file', key, '--tls-cert-file', certificate));
    const address = { url: `rediss://127.0.0.1:${port}`, sentinels: [] };
    expect(String(await failureOf(RedisConnection.open(address)))).to.contain('self-signed certificate');
    const trusted = tls.getCACertificates('default');
    tls.setDefaultCACertificates([...trusted, readFileSync(certificate, 'utf8')]);
    try {
      const connection = await RedisConnection.open(address);
      expect(await connection.command('PING')).to.equal('PONG');
      connection.close();
    } finally {
      tls.setDefaultCACertificates(trusted);
    }
  });

  it('leads to the master of the moment where there are sentinels, also after another one took over', async () => {
    const master = await start(OwnRedis.start());
    const replica = await start(OwnRedis.start('--replicaof', '127.0.0.1', String(master.port)));
    const sentinel = await start(OwnRedis.startSentinel(master));
    await until(
      async () => String(await sentinel.ask('SENTINEL', 'REPLICAS', MASTER_NAME)) !== '',
      'the sentinel knows the replica',
    );
    const sentinels = ['127.0.0.1:1', `127.0.0.1:${sentinel.port}`];
    const connection = await RedisConnection.open({ url: `redis://${MASTER_NAME}`, sentinels });
    await connection.command('SET', 'a', '1');
    await until(async () => (await replica.ask('GET', 'a')) === '1', 'the replica has it');
    await master.kill();
    await until(() => connection.state === 'away', 'the master is away');
    await until(() => connection.state === 'redis', 'the replica has taken over', 20_000);
    expect(await connection.command('INCR', 'a')).to.equal(2);
    expect(await replica.ask('GET', 'a')).to.equal('2');
    connection.close();
  });

  it('says that no sentinel knows the master, where none does', async () => {
    const redis = await start(OwnRedis.start());
    const sentinels = ['127.0.0.1:1', `127.0.0.1:${redis.port}`];
    const failure = await failureOf(RedisConnection.open({ url: 'redis://nobody', sentinels }));
    expect(String(failure)).to.contain('No sentinel knows');
  });
});
