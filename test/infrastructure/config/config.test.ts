/** The configuration: all faults at once, by name and never by value; `.env.example` tells the truth. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { expect } from 'chai';
import { ConfigError, loadConfig, SECRET_SETTINGS, settings } from '#infrastructure/config/config.ts';
import { aFernetKey } from '../../support/builders/fernet-keys.ts';
import { ROOT } from '../../support/project.ts';

const example = readFileSync(join(ROOT, '.env.example'), 'utf8');
const noFiles = () => {
  throw new Error('there are no files');
};

function faultsOf(environment: Record<string, string>): readonly string[] {
  try {
    loadConfig(environment, noFiles);
  } catch (error) {
    expect(error).to.be.instanceOf(ConfigError);
    return (error as ConfigError).faults;
  }
  return [];
}

describe('configuration', () => {
  it('has defaults for everything', () => {
    expect(loadConfig({}, noFiles)).to.include({ PORT: 3000, CTX_MAX_TOKENS: 16_000, SQLITE_SYNCHRONOUS: 'full' });
  });

  it('is frozen', () => {
    expect(loadConfig({}, noFiles)).to.be.frozen;
  });

  it('matches .env.example in names and defaults', () => {
    const shown = parseEnv(example);
    expect(Object.keys(shown)).to.have.members(Object.keys(settings));
    expect(loadConfig(shown as Record<string, string>, noFiles)).to.deep.equal(loadConfig({}, noFiles));
  });

  it('reports all faults together, by name and never by value', () => {
    const faults = faultsOf({
      PORT: 'hunter2-port',
      CTX_MAX_TOKENS: '7',
      COMPACT_STRATEGIES: 'dedupe,forget',
      DATABASE_URL: 'mysql://root:hunter2@db',
      COMPACT_TARGET_PCT: '80',
      ADMIN_EMAIL: 'hunter2',
      ADMIN_PASSWORD_FILE: '/nowhere/hunter2',
    });
    for (const name of [
      'PORT',
      'CTX_MAX_TOKENS',
      'COMPACT_STRATEGIES',
      'DATABASE_URL',
      'COMPACT_TARGET_PCT',
      'ADMIN_EMAIL',
      'ADMIN_PASSWORD_FILE',
    ]) {
      expect(
        faults.filter((fault) => fault.startsWith(`${name}:`)),
        name,
      ).to.have.length(1);
    }
    expect(faults.join()).not.to.contain('hunter2').and.not.to.contain('mysql').and.not.to.contain('forget');
  });

  it('refuses a target that is not below the trigger, and a repeated strategy', () => {
    expect(faultsOf({ COMPACT_TRIGGER_PCT: '60' })).to.have.length(1);
    expect(faultsOf({ COMPACT_STRATEGIES: 'drop,drop' })).to.have.length(1);
  });

  it('refuses cheap password hashes in production', () => {
    expect(faultsOf({ NODE_ENV: 'production', BCRYPT_COST: '9' })).to.have.length(1);
    expect(faultsOf({ NODE_ENV: 'production', BCRYPT_COST: '10' })).to.deep.equal([]);
  });

  it('treats an empty setting as not set', () => {
    expect(loadConfig({ PORT: '', ADMIN_PASSWORD: '' }, noFiles)).to.deep.equal(loadConfig({}, noFiles));
  });

  it('reads a secret from a file unless the setting itself is given', () => {
    for (const name of SECRET_SETTINGS) {
      const secret = () => (name === 'DATABASE_URL' ? `sqlite:${aFernetKey()}` : aFernetKey());
      const [filed, own] = [secret(), secret()];
      const files = (path: string) => `${path === '/run/secret' ? filed : ''}\n`;
      expect([loadConfig({ [`${name}_FILE`]: '/run/secret' }, files)[name]].flat()).to.deep.equal([filed]);
      expect([loadConfig({ [`${name}_FILE`]: '/run/secret', [name]: own }, noFiles)[name]].flat()).to.deep.equal([own]);
    }
  });

  it('accepts OpenID Connect providers under any name, and knows the issuer of google', () => {
    const files = (path: string) => `from ${path}\n`;
    const config = loadConfig(
      {
        OAUTH_GOOGLE_CLIENT_ID: 'g',
        OAUTH_GOOGLE_CLIENT_SECRET: 'own',
        OAUTH_THE_GUILD_2_ISSUER: 'http://127.0.0.1:9000',
        OAUTH_THE_GUILD_2_CLIENT_ID: 'id',
        OAUTH_THE_GUILD_2_CLIENT_SECRET_FILE: '/run/secret',
        OAUTH_EMPTY_ISSUER: '',
      },
      files,
    );
    expect(config.OAUTH_PROVIDERS).to.deep.equal([
      { name: 'google', issuer: 'https://accounts.google.com', clientId: 'g', clientSecret: 'own' },
      { name: 'the-guild-2', issuer: 'http://127.0.0.1:9000', clientId: 'id', clientSecret: 'from /run/secret' },
    ]);
  });

  it('refuses an incomplete provider, and an issuer that is not a plain https or local http address', () => {
    expect(faultsOf({ OAUTH_GUILD_CLIENT_SECRET_FILE: '/nowhere/hunter2', PORT: 'x' })).to.have.members([
      'OAUTH_GUILD_CLIENT_SECRET_FILE: the file cannot be read',
      'OAUTH_GUILD_ISSUER: is missing',
      'OAUTH_GUILD_CLIENT_ID: is missing',
      'PORT: must be a whole number',
    ]);
    const whole = { OAUTH_GUILD_CLIENT_ID: 'id', OAUTH_GUILD_CLIENT_SECRET: 'hunter2' };
    const bad = [
      'http://guild.example',
      'guild',
      'https://a:b@guild.example',
      'https://guild.example/?x',
      'ftp://localhost',
    ];
    for (const OAUTH_GUILD_ISSUER of bad) {
      const faults = faultsOf({ ...whole, OAUTH_GUILD_ISSUER });
      expect(faults, OAUTH_GUILD_ISSUER).to.deep.equal([
        'OAUTH_GUILD_ISSUER: must be an https address, or an http address of this machine',
      ]);
    }
  });

  it('refuses malformed encryption keys by the name of their setting', () => {
    const key = aFernetKey();
    expect(faultsOf({ FERNET_KEYS: `${key},hunter2`, FERNET_KEY: 'hunter3' })).to.deep.equal([
      'FERNET_KEYS: each key must be 32 bytes in URL-safe Base64',
      'FERNET_KEY: must be 32 bytes in URL-safe Base64',
    ]);
    expect(faultsOf({ FERNET_KEYS: `${key}, ${aFernetKey()}`, FERNET_KEY: key })).to.deep.equal([]);
  });

  it('refuses open registration in production without a rate limit for anonymous callers', () => {
    const open = { NODE_ENV: 'production', REGISTRATION: 'open', RATE_LIMIT_ANONYMOUS_PER_MINUTE: '0' };
    expect(faultsOf(open).filter((fault) => fault.startsWith('REGISTRATION:'))).to.have.length(1);
    expect(faultsOf({ ...open, RATE_LIMIT_ANONYMOUS_PER_MINUTE: '100' })).to.deep.equal([]);
    expect(faultsOf({ ...open, REGISTRATION: 'closed' })).to.deep.equal([]);
    expect(faultsOf({ ...open, NODE_ENV: 'development' })).to.deep.equal([]);
  });

  it('accepts only origins in CORS_ORIGINS', () => {
    const { CORS_ORIGINS } = loadConfig({ CORS_ORIGINS: 'https://a.example, http://b.example:8080' }, noFiles);
    expect(CORS_ORIGINS).to.deep.equal(['https://a.example', 'http://b.example:8080']);
    for (const wrong of ['*', 'null', 'a.example', 'https://a.example/', 'https://A.example', 'ftp://a.example', ',']) {
      expect(faultsOf({ CORS_ORIGINS: wrong }), wrong).to.have.length(1);
    }
  });
});
