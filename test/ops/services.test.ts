/** The services of development and CI have the same versions; CI has pinned actions and few permissions. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { ROOT } from '../support/project.ts';

const compose = readFileSync(join(ROOT, 'ops/compose.development.yml'), 'utf8');
const workflow = readFileSync(join(ROOT, '.github/workflows/ci.yml'), 'utf8');
const all = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, found]) => found);

describe('services', () => {
  it('of development listen on loopback alone, and say when they are there', () => {
    const ports = all(compose, /ports: \['(.+)'\]/g);
    expect(ports).to.have.length(2);
    for (const port of ports) expect(port).to.match(/^127\.0\.0\.1:/);
    expect(all(compose, /(healthcheck):/g)).to.have.length(2);
  });

  it('of CI have the versions of those of development', () => {
    const images = all(compose, /image: (.+)/g);
    expect(images).to.have.length(2);
    expect(all(workflow, /image: (.+)/g)).to.deep.equal(images);
  });

  it('of CI run with actions pinned to a commit, and may only read', () => {
    const actions = all(workflow, /uses: (.+)/g);
    expect(actions.length).to.be.greaterThan(2);
    for (const action of actions) expect(action).to.match(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    expect(workflow).to.include('\npermissions:\n  contents: read\n');
    expect(workflow).not.to.include('write');
  });
});
