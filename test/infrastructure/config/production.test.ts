/** What `NODE_ENV=production` refuses: secrets that are none, and addresses that anybody may forge. */
import { expect } from 'chai';
import { ConfigError, loadConfig } from '#infrastructure/config/config.ts';
import { aFernetKey } from '../../support/builders/fernet-keys.ts';

function faultsOf(environment: Record<string, string>): readonly string[] {
  try {
    loadConfig(environment, () => '');
  } catch (error) {
    expect(error).to.be.instanceOf(ConfigError);
    return (error as ConfigError).faults;
  }
  return [];
}

describe('configuration in production', () => {
  const production = { NODE_ENV: 'production', PUBLIC_URL: 'https://tavern.example' };
  const faults = (more: Record<string, string>) => faultsOf({ ...production, ...more });
  const repeated = (byte: number) => Buffer.alloc(32, byte).toString('base64url');

  it('starts with safe settings', () => {
    const safe = {
      ADMIN_PASSWORD: 'sturdy-oak-table',
      FERNET_KEYS: aFernetKey(),
      HOST: '0.0.0.0',
      BCRYPT_COST: '10',
    };
    expect(faults(safe)).to.deep.equal([]);
  });

  it('refuses placeholders in every secret, by name and never by value', () => {
    const found = faults({
      ADMIN_PASSWORD: 'change-me-please-hunter2',
      DATABASE_URL: 'postgres://hunter2:change%2Dme@localhost/app',
      REDIS_URL: 'redis://:change-me-hunter2@localhost',
      FERNET_KEYS: `${aFernetKey()},${repeated(0)}`,
      FERNET_KEY: repeated(65),
      LLM_API_KEY: 'change-me-hunter2',
      OAUTH_THE_GUILD_ISSUER: 'https://guild.example',
      OAUTH_THE_GUILD_CLIENT_ID: 'id',
      OAUTH_THE_GUILD_CLIENT_SECRET: 'ChangeMe hunter2',
    });
    const names = found.map((fault) => fault.slice(0, fault.indexOf(':')));
    const secrets = [
      'REDIS_URL',
      'LLM_API_KEY',
      'ADMIN_PASSWORD',
      'DATABASE_URL',
      'FERNET_KEYS',
      'FERNET_KEY',
      'OAUTH_THE_GUILD_CLIENT_SECRET',
    ];
    expect(names).to.deep.equal(secrets);
    expect(found.join()).not.to.match(/hunter2|AAAA|QUFB/);
  });

  it('refuses to listen beyond this machine without https or a proxy that is named', () => {
    const plain = { PUBLIC_URL: 'http://tavern.example' };
    for (const HOST of ['0.0.0.0', '::', '192.0.2.7', 'tavern.example', '127.evil.example'])
      expect(faults({ ...plain, HOST }), HOST).to.deep.equal([
        'HOST: beyond this machine, production needs an https PUBLIC_URL, or TRUST_PROXY where a proxy is in front',
      ]);
    for (const HOST of ['127.0.0.1', '127.0.0.2', 'localhost', '::1'])
      expect(faults({ ...plain, HOST }), HOST).to.deep.equal([]);
    expect(faults({ ...plain, HOST: '0.0.0.0', TRUST_PROXY: '1' })).to.deep.equal([]);
    expect(faults({ ...plain, HOST: '0.0.0.0', TRUST_PROXY: '0' })).to.have.length(1);
  });

  it('refuses links and origins that would come from the Host header', () => {
    expect(faultsOf({ NODE_ENV: 'production' })).to.deep.equal([
      'PUBLIC_URL: must be set in production: links would lead wherever the Host header of a request says',
    ]);
  });

  it('refuses cheap password hashes', () => {
    expect(faults({ BCRYPT_COST: '9' })).to.deep.equal(['BCRYPT_COST: must be at least 10 in production']);
  });

  it('tells what else is wrong too, and judges nothing by a setting that is invalid', () => {
    const names = faultsOf({ NODE_ENV: 'production', PUBLIC_URL: 'tavern', HOST: '0.0.0.0', PORT: 'x' });
    expect(names.map((fault) => fault.split(':')[0])).to.have.members(['PUBLIC_URL', 'PORT']);
  });

  it('does not concern development', () => {
    const weak = { ADMIN_PASSWORD: 'change-me', FERNET_KEYS: repeated(0), HOST: '0.0.0.0', BCRYPT_COST: '4' };
    expect(faultsOf(weak)).to.deep.equal([]);
  });

  it('refuses open registration without a rate limit for anonymous callers', () => {
    const open = {
      NODE_ENV: 'production',
      PUBLIC_URL: 'https://a.example',
      REGISTRATION: 'open',
      RATE_LIMIT_ANONYMOUS_PER_MINUTE: '0',
    };
    expect(faultsOf(open).filter((fault) => fault.startsWith('REGISTRATION:'))).to.have.length(1);
    expect(faultsOf({ ...open, RATE_LIMIT_ANONYMOUS_PER_MINUTE: '100' })).to.deep.equal([]);
    expect(faultsOf({ ...open, REGISTRATION: 'closed' })).to.deep.equal([]);
    expect(faultsOf({ ...open, NODE_ENV: 'development' })).to.deep.equal([]);
  });
});
