/** The configuration: all faults at once, by name and never by value; `.env.example` tells the truth. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { expect } from 'chai';
import { ConfigError, loadConfig, settings } from '#infrastructure/config/config.ts';
import { aFernetKey } from '../../support/builders/fernet-keys.ts';
import { ROOT } from '../../support/project.ts';

const example = readFileSync(join(ROOT, '.env.example'), 'utf8');
const noFiles = () => {
  throw new Error('there are no files');
};

function faultsOf(environment: Record<string, string>, namesInFile: readonly string[] = []): readonly string[] {
  try {
    loadConfig(environment, noFiles, namesInFile);
  } catch (error) {
    expect(error).to.be.instanceOf(ConfigError);
    return (error as ConfigError).faults;
  }
  return [];
}

/** The least and the greatest value of each setting that is a whole number. */
const BOUNDS: readonly (readonly [string, number, number])[] = [
  ['PORT', 0, 65_535],
  ['SESSION_TTL_SECONDS', 1, 31_536_000],
  ['SESSION_MAX_SECONDS', 1, 63_072_000],
  ['SESSION_TOUCH_SECONDS', 0, 86_400],
  ['SESSIONS_PER_USER', 1, 1_000],
  ['THREADS_PER_USER', 0, 1_000_000],
  ['LIVE_STREAMS_PER_USER', 0, 1_000_000],
  ['BCRYPT_COST', 4, 16],
  ['OAUTH_RECHECK_HOURS', 0, 8_760],
  ['RATE_LIMIT_ANONYMOUS_PER_MINUTE', 0, 1_000_000],
  ['RATE_LIMIT_ACTOR_PER_MINUTE', 0, 1_000_000],
  ['CONTEXT_TTL_SECONDS', 1, 31_536_000],
  ['MAX_MESSAGES', 10, 1_000_000],
  ['CTX_MAX_TOKENS', 200, 10_000_000],
  ['COMPACT_TRIGGER_PCT', 2, 100],
  ['COMPACT_TARGET_PCT', 1, 99],
  ['COMPACT_KEEP_TAIL', 0, 1_000],
  ['COMPACT_WINDOW_TURNS', 1, 1_000],
  ['ARTIFACT_MIN_CHARS', 100, 1_000_000],
  ['MESSAGE_MAX_CHARS', 1, 1_000_000],
  ['IMPORT_MAX_MIB', 1, 1_000_000],
  ['LLM_TIMEOUT_MS', 1, 300_000],
  ['EMBED_TIMEOUT_MS', 1, 300_000],
];

describe('configuration', () => {
  it('has the defaults that operators were told', () => {
    expect(loadConfig({}, noFiles)).to.deep.include({
      NODE_ENV: 'development',
      HOST: '127.0.0.1',
      PORT: 3000,
      APP_DB_PATH: './data/app.db',
      SPEED_DB_PATH: './data/speed.db',
      SQLITE_SYNCHRONOUS: 'full',
      REGISTRATION: 'closed',
      SESSION_TTL_SECONDS: 2_592_000,
      SESSION_MAX_SECONDS: 7_776_000,
      SESSION_TOUCH_SECONDS: 60,
      SESSIONS_PER_USER: 20,
      THREADS_PER_USER: 1_000,
      LIVE_STREAMS_PER_USER: 20,
      BCRYPT_COST: 12,
      RATE_LIMIT_ANONYMOUS_PER_MINUTE: 100,
      RATE_LIMIT_ACTOR_PER_MINUTE: 1_200,
      CONTEXT_TTL_SECONDS: 86_400,
      CTX_MAX_TOKENS: 16_000,
      COMPACTION: 'on',
      COMPACT_TRIGGER_PCT: 80,
      COMPACT_TARGET_PCT: 60,
      COMPACT_STRATEGIES: ['dedupe', 'summarize', 'window', 'drop'],
      MESSAGE_MAX_CHARS: 200_000,
    });
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

  for (const [name, least, most] of BOUNDS) {
    it(`takes ${least} to ${most} as ${name}, both inclusive, and nothing beyond`, () => {
      const own = (value: number) =>
        faultsOf({ [name]: String(value) }).filter((fault) => fault.startsWith(`${name}:`));
      const outside = [...(least > 0 ? [least - 1] : []), most + 1];
      for (const value of outside)
        expect(own(value), String(value)).to.deep.equal([`${name}: must be from ${least} to ${most}`]);
      for (const value of [least, most])
        expect(
          own(value).filter((fault) => fault.includes('must be from')),
          String(value),
        ).to.deep.equal([]);
    });
  }

  it('has a row for the bounds of each whole number', () => {
    const numbers = Object.entries(loadConfig({}, noFiles)).filter(([, value]) => typeof value === 'number');
    expect(BOUNDS.map(([name]) => name)).to.have.members(numbers.map(([name]) => name));
  });

  it('takes a path and a host of one letter', () => {
    const paths = { APP_DB_PATH: 'a', SPEED_DB_PATH: 'b', HOST: 'h' };
    expect(loadConfig(paths, noFiles)).to.deep.include(paths);
  });

  it('takes strategies in the order given, with spaces around the commas', () => {
    expect(loadConfig({ COMPACT_STRATEGIES: 'window, dedupe ,drop' }, noFiles).COMPACT_STRATEGIES).to.deep.equal([
      'window',
      'dedupe',
      'drop',
    ]);
  });

  it('refuses a target that is not below the trigger, and a repeated strategy', () => {
    expect(faultsOf({ COMPACT_TRIGGER_PCT: '60' })).to.have.length(1);
    expect(faultsOf({ COMPACT_STRATEGIES: 'drop,drop' })).to.have.length(1);
  });

  it('refuses times of sessions that contradict each other', () => {
    const times = (touch: number, ttl: number, max: number) =>
      faultsOf({
        SESSION_TOUCH_SECONDS: String(touch),
        SESSION_TTL_SECONDS: String(ttl),
        SESSION_MAX_SECONDS: String(max),
      });
    expect(times(9, 10, 10)).to.deep.equal([]);
    expect(times(10, 10, 10)).to.deep.equal([
      'SESSION_TOUCH_SECONDS: must be below SESSION_TTL_SECONDS, or sessions end while they are used',
    ]);
    expect(times(9, 11, 10)).to.deep.equal(['SESSION_TTL_SECONDS: must be at most SESSION_MAX_SECONDS']);
    expect(times(12, 11, 10)).to.have.length(2);
    expect(faultsOf({ SESSION_TTL_SECONDS: '3' })).to.have.length(1);
  });

  it('takes a number of hops, networks and addresses as TRUST_PROXY, and nothing else', () => {
    const given = (value: string) => loadConfig({ TRUST_PROXY: value }, noFiles).TRUST_PROXY;
    for (const [value, taken] of [
      ['1', 1],
      ['loopback', 'loopback'],
      ['10.0.0.0/8, ::1', '10.0.0.0/8,::1'],
      ['fd00::/8', 'fd00::/8'],
    ] as const)
      expect(given(value), value).to.equal(taken);
    const wrong = [
      'abc',
      'true',
      'evil',
      '1.5',
      '-1',
      '127.0.0.1/99',
      '::1/129',
      '10.0.0.0/',
      '1.2.3',
      'loopback,',
      ',',
    ];
    for (const value of wrong)
      expect(faultsOf({ TRUST_PROXY: value }), value).to.deep.equal([
        'TRUST_PROXY: must be a number of hops, or addresses, by commas',
      ]);
  });

  it('names the setting that a misspelt name of .env may mean, and is silent about names of others', () => {
    const misspelt = {
      COMPACT_TRIGER_PCT: 'COMPACT_TRIGGER_PCT',
      PUBLIC_URI: 'PUBLIC_URL',
      port: 'PORT',
      FERNET_KEY_FILES: 'FERNET_KEY_FILE',
      OAUTH_RECHECK_HOUR: 'OAUTH_RECHECK_HOURS',
    };
    for (const [name, meant] of Object.entries(misspelt))
      expect(faultsOf({}, [name]), name).to.deep.equal([
        `${name}: stands in .env, but there is no such setting. Is ${meant} meant?`,
      ]);
    const others = ['TZ', 'PGHOST', 'PGPORT', 'NODE_OPTIONS', 'MY_SECRET', 'OAUTH_GUILD_ISSUER', 'DATABASE_URL_FILE'];
    expect(faultsOf({}, [...others, ...Object.keys(settings)])).to.deep.equal([]);
    expect(faultsOf({ PUBLIC_URI: 'https://tavern.example' })).to.deep.equal([]);
  });

  it('treats an empty setting as not set', () => {
    expect(loadConfig({ PORT: '', ADMIN_PASSWORD: '' }, noFiles)).to.deep.equal(loadConfig({}, noFiles));
  });

  for (const name of ['ADMIN_PASSWORD', 'DATABASE_URL', 'FERNET_KEYS', 'FERNET_KEY', 'LLM_API_KEY'] as const) {
    it(`reads ${name} from a file unless it is given itself`, () => {
      const secret = () => (name === 'DATABASE_URL' ? `sqlite:${aFernetKey()}` : aFernetKey());
      const [filed, own] = [secret(), secret()];
      const files = (path: string) => `${path === '/run/secret' ? filed : ''}\n`;
      expect([loadConfig({ [`${name}_FILE`]: '/run/secret' }, files)[name]].flat()).to.deep.equal([filed]);
      expect([loadConfig({ [`${name}_FILE`]: '/run/secret', [name]: own }, noFiles)[name]].flat()).to.deep.equal([own]);
    });
  }

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

  it('accepts only origins in CORS_ORIGINS', () => {
    const { CORS_ORIGINS } = loadConfig({ CORS_ORIGINS: 'https://a.example, http://b.example:8080' }, noFiles);
    expect(CORS_ORIGINS).to.deep.equal(['https://a.example', 'http://b.example:8080']);
    for (const wrong of ['*', 'null', 'a.example', 'https://a.example/', 'https://A.example', 'ftp://a.example', ',']) {
      expect(faultsOf({ CORS_ORIGINS: wrong }), wrong).to.have.length(1);
    }
  });
});
