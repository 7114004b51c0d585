/** The log: no secret at any level that is redacted, and nothing kept back that explains an end. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'chai';
import { storeErrors } from '#application/shared/store-errors.ts';
import { createLogger, logRequest } from '#infrastructure/observability/logging.ts';
import { ROOT } from '../../support/project.ts';

const LOGGING = join(ROOT, 'src/infrastructure/observability/logging.ts');
const SECRETS = ['password', 'secret', 'token', 'authorization', 'cookie', 'code', 'license_key', 'digest', 'content'];

describe('the log', () => {
  let lines: string[];
  let flushed: number[];
  beforeEach(() => {
    lines = [];
    flushed = [];
  });

  const logger = (level = 'trace') =>
    createLogger(level, { write: (line) => lines.push(line), flush: () => flushed.push(lines.length) });

  for (const key of SECRETS) {
    it(`keeps ${key} to itself, down to the third level`, () => {
      const value = `hunter2-${key}`;
      logger().info({ [key]: value, a: { [key]: value, b: { [key]: value } }, kept: 'kept' }, 'said');
      expect(lines.join()).not.to.contain('hunter2');
      const said = JSON.parse(lines[0] ?? '');
      expect(said).to.deep.include({ [key]: '[redacted]', kept: 'kept', msg: 'said', level: 'info' });
      expect(said.a).to.deep.equal({ [key]: '[redacted]', b: { [key]: '[redacted]' } });
    });
  }

  it('writes warnings and errors at once, and lets others wait', () => {
    const log = logger();
    for (const level of ['trace', 'debug', 'info'] as const) log[level]('waits');
    expect(flushed).to.deep.equal([]);
    for (const level of ['warn', 'error', 'fatal'] as const) log[level]('now');
    expect(flushed).to.deep.equal([4, 5, 6]);
  });

  it('has the warning on its output even where the process is killed right after it', () => {
    const script = `
      import { createLogger } from ${JSON.stringify(LOGGING)};
      const log = createLogger('info');
      log.info('before');
      log.warn('the last word');
      process.kill(process.pid, 'SIGKILL');`;
    const { stdout, signal } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
      encoding: 'utf8',
      timeout: 9_000,
    });
    expect(signal).to.equal('SIGKILL');
    expect(stdout).to.contain('before').and.to.contain('the last word');
  });

  it('says of a request who asked for what, and the error only where the server failed', () => {
    const record = {
      requestId: 'r-1',
      method: 'GET',
      route: '/chat/{thread}',
      status: 200,
      ms: 1.26,
      actorId: 'usr_1',
      code: null,
    } as Parameters<ReturnType<typeof logRequest>>[0];
    const log = logRequest(logger());
    log(record);
    log({ ...record, status: 500, error: new Error('broken') });
    const [done, failed] = lines.map((line) => JSON.parse(line));
    const { time: _, ...said } = done;
    const request = {
      request_id: 'r-1',
      method: 'GET',
      route: '/chat/{thread}',
      status: 200,
      ms: 1.3,
      actor_id: 'usr_1',
    };
    expect(said).to.deep.equal({ level: 'info', ...request, msg: 'request' });
    expect(failed).to.include({ level: 'error', status: 500, msg: 'request failed' });
    expect(failed.err).to.include({ message: 'broken' });
  });

  it('says of a refusal its code, and of one for size what was asked for and what there is', () => {
    const refused = { requestId: 'r-1', method: 'POST', route: '/chat/{thread}', ms: 1, actorId: 'usr_1' };
    const log = logRequest(logger());
    log({ ...refused, status: 409, code: 'archived' });
    log({ ...refused, status: 413, code: 'context_budget_unreachable', sizes: { used: 17_000, target: 9_600 } });
    const [archived, large] = lines.map((line) => JSON.parse(line));
    expect(archived).to.include({ code: 'archived' }).and.not.to.have.property('sizes');
    expect(large.sizes).to.deep.equal({ used: 17_000, target: 9_600 });
  });

  it('says in short that a store is away or its disk full: every request would say it', () => {
    const cause = new Error('The database refused a statement (SQLITE_FULL).');
    const error = Object.assign(storeErrors.storeUnavailable(), { cause });
    const request = { requestId: 'r-1', method: 'POST', route: '/chat', status: 503, ms: 1, actorId: null, code: null };
    logRequest(logger())({ ...request, error });
    expect(JSON.parse(lines[0] ?? '')).to.include({
      reason: 'store_unavailable',
      cause: cause.message,
      level: 'error',
    });
    expect(lines[0]).to.have.length.below(400).and.not.to.contain('    at ');
  });
});
