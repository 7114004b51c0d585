/** What refusals and their advice tell users to call is there to be called. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { documentedRefusals } from '#adapters/http/docs/documented-refusals.ts';
import { routesOf } from '#infrastructure/http/create-http.ts';
import { ROOT } from '../../support/project.ts';
import { startTestServer } from '../../support/servers/server.ts';

const CALL = /\b(?:GET|POST|PUT|PATCH|DELETE) \/[\w/{}-]*/gu;

function callsIn(text: string): readonly string[] {
  return text.match(CALL) ?? [];
}

/** Every text of the product, so that advice counts which no test provokes. */
function sources(): readonly string[] {
  const folder = join(ROOT, 'src');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(join(folder, file), 'utf8'));
}

describe('Advice', () => {
  it('names only calls that exist, as refusals do', async () => {
    const server = await startTestServer({ DATABASE_URL: 'memory:' });
    const declared = routesOf(server.application.container).map(
      ({ method, path }) => `${method.toUpperCase()} ${path}`,
    );
    await server.close();
    const refused = documentedRefusals().flatMap(({ meaning }) => callsIn(meaning));
    expect(refused, 'calls in refusals').to.include.members(['GET /chat', 'PATCH /chat/{thread}']);
    // What watches the server stands beside the API.
    declared.push('GET /health/live', 'GET /health/ready', 'GET /metrics');
    const named = new Set([...refused, ...sources().flatMap(callsIn)]);
    expect([...named], 'calls in advice').to.include.members([
      'POST /chat/{thread}',
      'POST /chat/{thread}/compact-now',
    ]);
    expect([...named].filter((one) => !declared.includes(one))).to.deep.equal([]);
  });
});
