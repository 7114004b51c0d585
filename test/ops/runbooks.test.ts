/** Runbooks are read in a hurry: what they name exists. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { settings } from '#infrastructure/config/config.ts';
import { ROOT } from '../support/project.ts';

const FOLDER = join(ROOT, 'ops/runbooks');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const runbooks = readdirSync(FOLDER).map((name) => [name, readFileSync(join(FOLDER, name), 'utf8')] as const);

const all = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, found = '']) => found);
const { scripts } = JSON.parse(read('package.json'));
const usage = read('src/infrastructure/commands/usage.ts');
const paths = Object.entries(JSON.parse(read('docs/openapi.json')).paths as Record<string, object>);
const operations = paths.flatMap(([path, methods]) =>
  Object.keys(methods).map((method) => `${method.toUpperCase()} /api/v1${path.replaceAll(/\{\w+\}/g, '{}')}`),
);
const codes = new Set(all(read('docs/errors.md'), /^\|[^|]+\| `(\w+)`/gm));
const compose = read('ops/compose.yml');
/** Made by whoever runs the installation. */
const OPERATORS_OWN = 'ops/compose.env';

/** What is named, how it is found in a text, and whether there is such a one. */
const NAMED: readonly (readonly [what: string, pattern: RegExp, isThere: (found: string) => boolean])[] = [
  ['scripts', /npm run ([\w:]+)/g, (name) => Object.hasOwn(scripts, name)],
  ['commands', /commands\/cli\.ts (\w+)/g, (name) => usage.includes(`npm run ${name} `)],
  ['settings', /\b([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\b/g, (name) => Object.hasOwn(settings, name.replace(/_FILE$/, ''))],
  [
    'calls of the API',
    /((?:GET|POST|PUT|PATCH|DELETE) \/api\/\S+?)[`'\s]/g,
    (call) => operations.includes(call.replaceAll(/\{\w+\}/g, '{}')),
  ],
  ['pages', /\]\(([^)#]+)\)/g, (link) => existsSync(join(FOLDER, link))],
  [
    'files',
    /(?<![\w/.-])((?:ops|docs|src)\/[\w./-]+\w)/g,
    (path) => path === OPERATORS_OWN || existsSync(join(ROOT, path)),
  ],
  [
    'units',
    /systemctl [^\n`]*?(tavernkeep[\w.-]*)/g,
    (unit) => existsSync(join(ROOT, 'ops/systemd', unit.includes('.') ? unit : `${unit}.service`)),
  ],
  ['services', /(?:exec|--no-deps|with) `?(server-\d|redis)\b/g, (name) => compose.includes(`\n  ${name}:`)],
  ['codes', /`([a-z]+_[a-z_]+)`/g, (code) => codes.has(code)],
];

describe('the runbooks', () => {
  it('are those that an operator needs', () => {
    expect(runbooks.map(([name]) => name)).to.include.members([
      'back-up-and-restore.md',
      'change-keys.md',
      'choose-thresholds.md',
      'clear-redis.md',
      'out-of-disk.md',
      'redis-away.md',
      'upgrade.md',
    ]);
  });

  for (const [what, pattern, isThere] of NAMED) {
    it(`name ${what} that exist`, () => {
      const named = runbooks.flatMap(([name, text]) => all(text, pattern).map((found) => `${name}: ${found}`));
      expect(named, 'what is looked at').not.to.have.length(0);
      expect(named.filter((one) => !isThere(one.slice(one.indexOf(': ') + 2)))).to.deep.equal([]);
    });
  }

  it('are found from the README', () => {
    expect(read('README.md')).to.include('(ops/runbooks)');
  });
});
