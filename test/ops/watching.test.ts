/** Alert rules and dashboard: of the metrics and labels that a running server has, and no others. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import { type Description, Instruments } from '#infrastructure/observability/metrics/instruments.ts';
import { Scraped } from '../support/metrics/scraped.ts';
import { ROOT } from '../support/project.ts';
import { startTestServer } from '../support/servers/server.ts';

type Expression = Readonly<{ where: string; text: string }>;

/** Of Prometheus itself. */
const OWN_METRICS = ['up'];
const OWN_LABELS = ['instance', 'job', 'le'];
const WORDS = ['sum', 'max', 'min', 'by', 'rate', 'increase', 'topk', 'histogram_quantile', 'time', 'min_over_time'];

const read = (path: string) => readFileSync(join(ROOT, 'ops', path), 'utf8');

// biome-ignore lint/suspicious/noExplicitAny: the files have shapes of their own.
type Any = any;

function alerts(): readonly Any[] {
  return parse(read('prometheus/alerts.yml')).groups.flatMap(({ rules }: Any) => rules);
}

function panels(): readonly Any[] {
  return JSON.parse(read('grafana/dashboard.json')).panels.filter(({ type }: Any) => type !== 'row');
}

function expressions(): readonly Expression[] {
  const ofPanels = panels().flatMap(({ title, targets }) =>
    targets.map(({ expr }: Any) => ({ where: title, text: expr })),
  );
  return [...alerts().map(({ alert, expr }) => ({ where: alert, text: expr })), ...ofPanels];
}

/** Every word that stands where a metric may: not in quotes, ranges, selectors, and not a label to group by. */
function metricsIn(text: string): readonly string[] {
  const bare = text
    .replaceAll(/"[^"]*"/g, '')
    .replaceAll(/\{[^}]*\}|\[[^\]]*\]/g, '')
    .replaceAll(/\bby\s*\([^)]*\)/g, '');
  return (bare.match(/[a-z_]\w*/gi) ?? []).filter((word) => !WORDS.includes(word));
}

/** The labels of selectors, by the metric that they stand behind, and those that are grouped by. */
function labelsIn(text: string): readonly (readonly [metric: string, label: string])[] {
  const selected = [...text.matchAll(/(\w+)\{([^}]*)\}/g)].flatMap(([, metric = '', inside = '']) =>
    [...inside.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map(([, label = '']) => [metric, label] as const),
  );
  const grouped = [...text.matchAll(/\bby\s*\(([^)]*)\)/g)].flatMap(([, inside = '']) =>
    inside.split(',').flatMap((label) => metricsIn(text).map((metric) => [metric, label.trim()] as const)),
  );
  return [...selected, ...grouped];
}

/** Of `a_bucket`, `a_sum` and `a_count` the histogram `a`. */
function familyOf(name: string, names: readonly string[]): string {
  const histogram = name.replace(/_(?:bucket|sum|count)$/, '');
  return names.includes(histogram) ? histogram : name;
}

describe('watching the server', () => {
  let scraped: Scraped;
  let described: readonly Description[];
  before(async () => {
    const server = await startTestServer();
    try {
      await (await server.admin()).post('/chat', {});
      scraped = new Scraped((await server.client().get('/metrics')).text);
      described = server.application.container.get(Instruments).descriptions;
    } finally {
      await server.close();
    }
  });

  it('names only metrics that a running server has, in every alert and every panel', () => {
    expect(expressions().length).to.be.greaterThan(40);
    for (const { where, text } of expressions()) {
      const named = metricsIn(text);
      expect(named, where).not.to.deep.equal([]);
      for (const name of named)
        expect([...scraped.names, ...OWN_METRICS], `${where}: ${name}`).to.include(familyOf(name, scraped.names));
    }
  });

  it('names only labels that these metrics have', () => {
    const labelled = expressions().flatMap(({ where, text }) => labelsIn(text).map((one) => [where, ...one] as const));
    expect(labelled.length).to.be.greaterThan(40);
    for (const [where, metric, label] of labelled) {
      const own = described.find(({ name }) => name === familyOf(metric, scraped.names))?.labels ?? [];
      expect([...own, ...OWN_LABELS], `${where}: ${label} of ${metric}`).to.include(label);
    }
  });

  it('shows every metric on the dashboard', () => {
    const shown = panels().flatMap(({ targets }) => targets.flatMap(({ expr }: Any) => metricsIn(expr)));
    const families = new Set(shown.map((name: string) => familyOf(name, scraped.names)));
    expect(scraped.names.filter((name) => !families.has(name))).to.deep.equal([]);
  });

  it('gives every panel and row of the dashboard an id of its own', () => {
    const ids = JSON.parse(read('grafana/dashboard.json')).panels.map(({ id }: Any) => id);
    expect(new Set(ids).size).to.equal(ids.length);
  });

  it('is told of every metric by the page, each with its type and labels', () => {
    const page = readFileSync(join(ROOT, 'docs/metrics.md'), 'utf8');
    const rows = [...page.matchAll(/^\| `(\w+)` \| (\w+) \| ([^|]*?) ?\|/gm)].map(([, ...cells]) => cells);
    const labelled = (labels: readonly string[]) => labels.map((label) => `\`${label}\``).join(', ');
    expect(rows).to.deep.equal(described.map(({ name, type, labels }) => [name, type, labelled(labels)]));
    expect(described.map(({ name }) => name)).to.have.members(scraped.names);
  });

  it('alerts by rules that say how bad it is and what to do, each once, which Prometheus loads', () => {
    const names = alerts().map(({ alert }) => alert);
    expect(new Set(names).size).to.equal(names.length);
    for (const { alert, expr, labels, annotations } of alerts()) {
      expect(expr, alert).to.be.a('string').and.to.match(/[<>=]/);
      expect(labels.severity, alert).to.be.oneOf(['critical', 'warning']);
      expect(annotations.summary, alert)
        .to.be.a('string')
        .and.to.match(/\{\{ \$labels\.instance \}\}/);
    }
    const { rule_files, scrape_configs } = parse(read('prometheus/prometheus.yml'));
    expect(rule_files.every((file: string) => readdirSync(join(ROOT, 'ops/prometheus')).includes(file))).to.equal(true);
    // A program on this machine: without a token it is told nothing under another name.
    expect(scrape_configs[0].static_configs[0].targets).to.deep.equal(['localhost:3000']);
    expect(scrape_configs[0].job_name).to.equal('tavernkeep');
  });

  it('finds a metric and a label that are not there', () => {
    expect(metricsIn('sum by (area) (rate(a_total{x="rate_y",z=~"b"}[5m])) / on_disk > 0')).to.deep.equal([
      'a_total',
      'on_disk',
    ]);
    expect(labelsIn('sum by (area) (rate(a_total{x="y",z!~"b"}[5m]))')).to.deep.equal([
      ['a_total', 'x'],
      ['a_total', 'z'],
      ['a_total', 'area'],
    ]);
  });
});
