/** The API's reading page: every call and every error code on one page, without a script. */
import type { DocumentedRefusal } from './documented-refusals.ts';
import type { OpenApi, Operation } from './openapi.ts';

type Json = Record<string, unknown>;

/** The page as HTML. Its style sheet is the web client's `docs.css`. */
export function referencePage(openApi: OpenApi, refusals: readonly DocumentedRefusal[]): string {
  const operations = Object.entries(openApi.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method, path, operation })),
  );
  const tags = [...new Set(operations.flatMap(({ operation }) => operation.tags))];
  const sections = tags.map((tag) => {
    const calls = operations.filter(({ operation }) => operation.tags.includes(tag));
    return `<section><h2 id="${slug(tag)}">${escapeHtml(tag)}</h2>${calls.map((call) => callOf(call)).join('')}</section>`;
  });
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Tavernkeep API</title><link rel="icon" href="/icon.svg" type="image/svg+xml"><link rel="stylesheet" href="/docs.css"></head>
<body><header><h1>Tavernkeep API</h1>
<p>Base path <code>${escapeHtml(String(openApi.servers[0]?.url))}</code>. JSON in and out; errors are RFC 9457 problem documents.
The same as a document for programs: <a href="/api/v1/openapi.json">openapi.json</a>.</p>
<nav>${[...tags, 'Shapes', 'Errors'].map((tag) => `<a href="#${slug(tag)}">${escapeHtml(tag)}</a>`).join(' ')}</nav></header>
<main>${sections.join('')}${shapes(openApi)}${errors(refusals)}</main></body></html>
`;
}

function callOf({ method, path, operation }: { method: string; path: string; operation: Operation }): string {
  const body = (operation.requestBody as { content: Record<string, { schema: Json }> } | undefined)?.content[
    'application/json'
  ]?.schema;
  const query = operation.parameters.filter((parameter) => parameter.in === 'query');
  return `<article id="${escapeHtml(operation.operationId)}"><h3><b>${method.toUpperCase()}</b> <code>${escapeHtml(path)}</code></h3>
<p>${prose(operation.summary)} <small>${access(operation['x-access'])}</small></p>
${query.length === 0 ? '' : `<h4>Query</h4>${fields(Object.fromEntries(query.map((one) => [String(one.name), one.schema as Json])), [])}`}
${body === undefined ? '' : `<h4>Body</h4>${shapeOf(body)}`}
<h4>Answers</h4><ul>${Object.entries(operation.responses)
    .map(([status, response]) => answer(status, response))
    .join('')}</ul></article>`;
}

function access(value: string): string {
  if (value === 'public') return 'Anybody.';
  return value === 'signed_in' ? 'Needs a session.' : `Needs the permission <code>${escapeHtml(value)}</code>.`;
}

function answer(status: string, response: Json): string {
  const content = response.content as Record<string, { schema: Json }> | undefined;
  const shape = content?.['application/json']?.schema;
  const codes = String(response.description).split('\n\n').map(prose).join('<br>');
  return `<li><b>${status}</b> ${shape === undefined || Number(status) >= 400 ? codes : shapeOf(shape)}</li>`;
}

function shapes(openApi: OpenApi): string {
  const all = Object.entries(openApi.components.schemas).map(
    ([name, schema]) => `<article id="shape-${slug(name)}"><h3>${escapeHtml(name)}</h3>${shapeOf(schema)}</article>`,
  );
  return `<section><h2 id="shapes">Shapes</h2>${all.join('')}</section>`;
}

function errors(refusals: readonly DocumentedRefusal[]): string {
  const rows = refusals.map(
    ({ code, status, meaning }) =>
      `<tr id="error-${escapeHtml(code)}"><td>${status}</td><td><code>${escapeHtml(code)}</code></td><td>${prose(meaning)}</td></tr>`,
  );
  return `<section><h2 id="errors">Errors</h2><table><thead><tr><th>Status</th><th>Code</th><th>Meaning</th></tr></thead><tbody>${rows.join('')}</tbody></table></section>`;
}

function shapeOf(schema: Json): string {
  if (schema.type !== 'object' || schema.properties === undefined) return typeName(schema);
  return fields(schema.properties as Record<string, Json>, (schema.required as string[] | undefined) ?? []);
}

function fields(properties: Record<string, Json>, required: readonly string[]): string {
  const rows = Object.entries(properties).map(
    ([name, schema]) =>
      `<dt><code>${escapeHtml(name)}</code> ${typeName(schema)}${required.includes(name) ? '' : ' <i>optional</i>'}</dt><dd>${prose(String(schema.description ?? ''))}</dd>`,
  );
  return rows.length === 0 ? '<p>Nothing.</p>' : `<dl>${rows.join('')}</dl>`;
}

/** A schema in a few words. */
function typeName(schema: Json): string {
  if (typeof schema.$ref === 'string') return reference(schema.$ref);
  if (Array.isArray(schema.enum))
    return schema.enum.map((value) => `<code>${escapeHtml(String(value))}</code>`).join(' | ');
  if (Array.isArray(schema.anyOf)) return schema.anyOf.map((option) => typeName(option as Json)).join(' | ');
  if (schema.type === 'array') return `list of ${typeName((schema.items as Json | undefined) ?? {})}`;
  if (schema.type === 'object' && schema.properties !== undefined) return shapeOf(schema);
  return escapeHtml(String(schema.format ?? schema.type ?? 'any'));
}

function reference(target: string): string {
  const name = target.replace('#/components/schemas/', '');
  return `<a href="#shape-${slug(name)}">${escapeHtml(name)}</a>`;
}

function slug(words: string): string {
  return words.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
}

/** Text with `code` marked as such. */
function prose(words: string): string {
  return escapeHtml(words).replaceAll(/`([^`]+)`/g, '<code>$1</code>');
}

function escapeHtml(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
