/**
 * A copy of the product without tests, benchmarks and development packages: it starts, replays, and generates
 * documents.
 */
import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { ROOT } from '../support/project.ts';
import { ProductCopy } from '../support/servers/product-copy.ts';

const SETTINGS = { PORT: '0', BCRYPT_COST: '4', ADMIN_PASSWORD: 'a lantern in the fen' };
const OPEN = /"url":"([^"]+)","msg":"Tavernkeep is open"/;
const DOCUMENTS = ['docs/openapi.json', 'docs/postman.json', 'docs/errors.md', 'docs/metrics.md'];

describe('the product without its tests and benchmarks', function () {
  this.timeout(60_000);

  let product: ProductCopy;

  before(() => {
    product = new ProductCopy();
  });
  after(() => product?.remove());

  it('starts, on a database that it makes', async () => {
    const server = product.script('start', SETTINGS);
    const [, url] = await server.said(OPEN);
    expect(await (await fetch(`${url}/health/ready`)).json()).to.have.property('status', 'ok');
    expect((await fetch(`${url}/`)).status).to.equal(200);
    await server.stop();
  });

  it('names a misspelt setting of .env, and does not start', async () => {
    const environment = join(product.folder, '.env');
    writeFileSync(environment, 'COMPACT_TRIGER_PCT=70\nPORT=0\n');
    const server = product.script('start', { ...SETTINGS, TRUST_PROXY: 'evil' });
    expect(await server.end(), server.output).to.equal(1);
    expect(server.output).to.contain('COMPACT_TRIGGER_PCT meant?').and.to.contain('TRUST_PROXY:');
    rmSync(environment);
  });

  it('starts anew in development when a file of src changes', async () => {
    const server = product.script('dev', { ...SETTINGS, DATABASE_URL: 'memory:' });
    await server.said(OPEN);
    appendFileSync(join(product.folder, 'src/domain/games/game.ts'), '\n');
    await server.said(new RegExp(`${OPEN.source}.*${OPEN.source}`, 's'));
    await server.stop();
  });

  it('replays the sample', async () => {
    const replay = product.script('replay');
    expect(await replay.end(), replay.output).to.equal(0);
    expect(replay.output).to.match(/Compactions +\d+/);
  });

  it('makes its documents', async () => {
    for (const file of DOCUMENTS) rmSync(join(product.folder, file));
    const generate = product.script('generate');
    expect(await generate.end(), generate.output).to.equal(0);
    for (const file of DOCUMENTS) {
      expect(readFileSync(join(product.folder, file), 'utf8'), file).to.equal(readFileSync(join(ROOT, file), 'utf8'));
    }
  });
});
