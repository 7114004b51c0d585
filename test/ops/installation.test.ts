/** What an installation is made of: image, services and units name what exists, agree with each other, and start. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { expect } from 'chai';
import { loadConfig, settings } from '#infrastructure/config/config.ts';
import { aFernetKey } from '../support/builders/fernet-keys.ts';
import { ROOT } from '../support/project.ts';
import { ProductCopy } from '../support/servers/product-copy.ts';
import { temporaryFolder } from '../support/servers/temporary-database.ts';

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const dockerfile = read('ops/Dockerfile');
const compose = read('ops/compose.yml');
const development = read('ops/compose.development.yml');
const units = readdirSync(join(ROOT, 'ops/systemd'))
  .filter((name) => !name.endsWith('.env'))
  .map((name) => [name, read(`ops/systemd/${name}`)] as const);
const manifest = JSON.parse(read('package.json'));

const all = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, found = '']) => found);
const isSetting = (name: string) => Object.hasOwn(settings, name.replace(/_FILE$/, ''));
/** What `npm start` runs. */
const start: readonly string[] = manifest.scripts.start.split(' ');

/** Longest time that a stop takes, in seconds. */
const [stopMs = ''] = all(read('src/infrastructure/start.ts'), /STOP_TIMEOUT_MS = ([\d_]+);/g);
const STOP_SECONDS = Number(stopMs.replaceAll('_', '')) / 1_000;

/** The block of a name at the beginning of a line, or at this depth. */
function block(name: string, depth = 0): string {
  const indent = ' '.repeat(depth);
  const [found = ''] = all(`${compose}\n`, new RegExp(`^${indent}${name}:.*\\n((?:${indent}  .*\\n|\\n)*)`, 'gm'));
  if (found === '') throw new Error(`There is no ${name}.`);
  return found;
}

/** `NAME: value` lines, with what the operator gives in place of `${NAME:?…}`. */
function environmentOf(text: string, given: Readonly<Record<string, string>>): Record<string, string> {
  const [lines = ''] = all(text, /^ +environment:\n((?: +[A-Z_0-9]+: .*\n)+)/gm);
  const pairs = [...lines.matchAll(/^ +([A-Z_0-9]+): '?(.*?)'?$/gm)].map(([, name = '', value = '']) => [
    name,
    value.replaceAll(/\$\{(\w+):\?[^}]+\}/g, (_, wanted: string) => given[wanted] ?? ''),
  ]);
  return Object.fromEntries(pairs);
}

/** What the operator has to say. */
const GIVEN = {
  PUBLIC_URL: 'https://tavern.example',
  POSTGRES_PASSWORD: 'c0ffee',
  REDIS_PASSWORD: 'decade',
  FERNET_KEYS: aFernetKey(),
  ADMIN_EMAIL: 'admin@tavern.example',
  ADMIN_PASSWORD: 'a lantern in the fen',
};

const imageEnvironment = parseEnv(
  all(dockerfile, /^ENV (.+)$/gm)
    .join('\n')
    .replaceAll(' ', '\n'),
) as Record<string, string>;

describe('the image', function () {
  this.timeout(60_000);

  it('has the Node that package.json pins, and is not run by root', () => {
    const versions = new Set(Object.values(manifest.optionalDependencies));
    expect(new Set(all(dockerfile, /^FROM node:([\d.]+)-bookworm-slim/gm))).to.deep.equal(versions);
    expect(all(dockerfile, /^FROM (.+)$/gm)).to.have.length(2);
    expect(all(dockerfile, /^USER (.+)$/gm)).to.deep.equal(['node']);
  });

  it('runs what npm start runs, and asks itself whether it is ready', () => {
    const [command = ''] = all(dockerfile, /^CMD (.+)$/gm);
    expect(JSON.parse(command)).to.deep.equal(start);
    expect(dockerfile).to.match(/^HEALTHCHECK .*\\\n {2}CMD \["node", .*\/health\/ready/m);
  });

  it('names settings that exist, under which it starts from what it copies', async () => {
    for (const name of Object.keys(imageEnvironment)) expect(isSetting(name), name).to.equal(true);
    const copied = all(dockerfile, /^COPY (?!--)(.+) \S+$/gm).flatMap((paths) => paths.split(' '));
    const sent = read('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'));
    expect(sent.map((line) => line.slice(1)).sort()).to.deep.equal([...new Set(copied)].sort());
    const image = ProductCopy.of(copied);
    try {
      const folder = temporaryFolder();
      const server = image.run(start, {
        ...imageEnvironment,
        HOST: '127.0.0.1',
        PORT: '0',
        PUBLIC_URL: 'https://tavern.example',
        APP_DB_PATH: join(folder, 'app.db'),
        SPEED_DB_PATH: join(folder, 'speed.db'),
      });
      const [, url] = await server.said(/"url":"([^"]+)","msg":"Tavernkeep is open"/);
      const [check = ''] = all(dockerfile, /^ {2}CMD (\[.+\])$/gm);
      const [, ...probe] = JSON.parse(check) as string[];
      const ask = (port: string) => spawnSync(process.execPath, probe, { env: { PORT: port } }).status;
      expect(ask(new URL(url ?? '').port)).to.equal(0);
      expect((await fetch(`${url}/`)).status).to.equal(200);
      await server.stop();
      expect(ask(new URL(url ?? '').port)).to.equal(1);
    } finally {
      await image.remove();
    }
  });
});

describe('the services of an installation', () => {
  const server = block('x-server');

  it('give a server settings with which production starts', () => {
    const environment = environmentOf(server, GIVEN);
    for (const name of Object.keys(environment)) expect(isSetting(name), name).to.equal(true);
    const config = loadConfig({ ...imageEnvironment, ...environment }, () => '');
    expect(config).to.include({ NODE_ENV: 'production', TRUST_PROXY: 1, HOST: '0.0.0.0' });
    expect(config.DATABASE_URL).to.equal('postgres://tavernkeep:c0ffee@postgres:5432/tavernkeep');
    expect(config.REDIS_URL).to.equal('redis://:decade@redis:6379');
  });

  it('are reached by the names and ports under which they listen', () => {
    const proxy = environmentOf(block('proxy', 2), {});
    for (const name of ['SERVER_1', 'SERVER_2']) {
      const [host = '', port] = (proxy[name] ?? '').split(':');
      expect(compose).to.match(new RegExp(`^ {2}${host}: \\*server$`, 'm'));
      expect(port).to.equal(imageEnvironment.PORT);
    }
    expect(all(dockerfile, /^EXPOSE (.+)$/gm)).to.deep.equal([imageEnvironment.PORT]);
    expect(block('proxy', 2)).to.include(`ports: ['127.0.0.1:8080:${proxy.PROXY_PORT}']`);
    const known = new Set(all(read('ops/proxy/haproxy.cfg'), /(PROXY_PORT|SERVER_\d)/g));
    for (const name of Object.keys(proxy)) expect(known.has(name), name).to.equal(true);
    for (const [, path = ''] of compose.matchAll(/- \.\/(\S+):\/\S+:ro/g)) read(`ops/${path}`);
  });

  it('listen on this machine alone, and servers not at all', () => {
    const ports = all(compose, /ports: \['(.+)'\]/g);
    expect(ports).to.have.length(2);
    for (const port of ports) expect(port).to.match(/^127\.0\.0\.1:/);
    expect(server).not.to.include('ports:');
  });

  it('are of the versions of those of development, and of the proxy that is tested', () => {
    const images = all(compose, /image: (.+)/g);
    for (const image of all(development, /image: (.+)/g)) expect(images).to.include(image);
    for (const image of images) expect(image).to.match(/^tavernkeep$|:\d/);
    expect(block('redis-insight', 2)).to.include('profiles: [insight]');
  });

  it('give a server the time that its stop takes', () => {
    expect(Number(all(server, /stop_grace_period: (\d+)s/g)[0])).to.be.greaterThan(STOP_SECONDS);
  });
});

describe('the units of systemd', () => {
  it('run what npm start and npm run backup run', () => {
    const commands = units.flatMap(([, text]) =>
      all(text, /^ExecStart=\/opt\/tavernkeep\/node_modules\/\.bin\/(.+)$/gm),
    );
    const backup = `${manifest.scripts.backup} /var/lib/tavernkeep-backups`;
    expect(commands.sort()).to.deep.equal([manifest.scripts.start, backup].sort());
  });

  it('have one file of settings, with which production starts', () => {
    const files = units.flatMap(([, text]) => all(text, /^EnvironmentFile=(.+)$/gm));
    expect(files).to.deep.equal(['/etc/tavernkeep.env', '/etc/tavernkeep.env']);
    const given = parseEnv(read('ops/systemd/tavernkeep.env')) as Record<string, string>;
    expect(loadConfig(given, () => '', Object.keys(given))).to.include({ NODE_ENV: 'production', HOST: '127.0.0.1' });
    for (const name of Object.keys(given)) expect(isSetting(name), name).to.equal(true);
  });

  it('give a server the time that its stop takes', () => {
    const text = units.find(([name]) => name === 'tavernkeep.service')?.[1] ?? '';
    expect(Number(all(text, /^TimeoutStopSec=(\d+)$/gm)[0])).to.be.greaterThan(STOP_SECONDS);
  });

  it('are right in the eyes of systemd, and well shut in, where there is one', function () {
    if (spawnSync('systemd-analyze', ['--version']).status !== 0) this.skip();
    const folder = join(temporaryFolder(), 'units');
    mkdirSync(folder);
    const files = units.map(([name, text]) => {
      // There is no /opt/tavernkeep here.
      writeFileSync(join(folder, name), text.replaceAll('/opt/tavernkeep', ROOT));
      return join(folder, name);
    });
    expect(spawnSync('systemd-analyze', ['verify', '--man=no', ...files], { encoding: 'utf8' })).to.include({
      status: 0,
      stderr: '',
    });
    for (const file of files.filter((path) => path.endsWith('.service')))
      execFileSync('systemd-analyze', ['security', '--offline=yes', '--threshold=20', '--no-pager', file]);
  });
});
