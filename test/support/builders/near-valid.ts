/**
 * Bodies that are almost what a route takes: of its schema, or of a body that it does take, with something odd in it.
 */
import fc from 'fast-check';
import { z } from 'zod';

type Schema = Readonly<{
  type?: string;
  enum?: readonly unknown[];
  const?: unknown;
  anyOf?: readonly Schema[];
  items?: Schema;
  properties?: Readonly<Record<string, Schema>>;
  minLength?: number;
  maxLength?: number;
  maxItems?: number;
  minimum?: number;
  maximum?: number;
}>;
type Fields = Readonly<Record<string, unknown>>;

/** Stands for a number that JSON can write and JavaScript cannot hold. */
const BEYOND = '@1e999@';
const LONGEST = 300_000;

const odd = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom<unknown>(null, true, '', 0, -0, -1, 0.5, 2 ** 31, 2 ** 53, -(2 ** 63), 1e308, 5e-324, BEYOND),
  fc.constantFrom<unknown>(
    '\u0000',
    'a\u0000b',
    '\ud800',
    'x\udfff',
    '\ufeff',
    '\u202e',
    '👩‍👩‍👧‍👦',
    "'; --",
    '%00',
    '../..',
  ),
  fc.constantFrom<unknown>([], {}, [null], [[[]]], { '': '' }, { constructor: { prototype: { admin: true } } }),
  fc.constantFrom<unknown>(nested(30), nested(40), JSON.parse('{"__proto__":{"admin":true}}')),
  fc
    .constantFrom('x', '龍', '\n', 'é')
    .chain((letter) => fc.constantFrom(...[51, 1_025, LONGEST].map((n) => letter.repeat(n)))),
  fc.integer({ min: 1, max: 2_000 }).map((length) => Array.from({ length }, (_, n) => `item ${n}`)),
);
const oddNames = fc.oneof(
  fc.constantFrom('__proto__', 'constructor', 'toString', 'hasOwnProperty', 'id', 'role', 'actor', ''),
  fc.string({ maxLength: 20 }),
);

function nested(depth: number): unknown {
  return depth === 0 ? 1 : [nested(depth - 1)];
}

/** The text of a body, mostly an object with the fields of the schema or of `example`. */
export function nearlyValid(schema: z.ZodType, example: unknown): fc.Arbitrary<string> {
  const described = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Schema;
  const fields = fc.oneof(valuesOf(described), fc.constant(example)).map((value) => (isFields(value) ? value : {}));
  const names = [
    ...new Set([...Object.keys(described.properties ?? {}), ...Object.keys(isFields(example) ? example : {})]),
  ];
  const change = fc.tuple(
    names.length === 0 ? oddNames : fc.oneof(fc.constantFrom(...names), oddNames),
    fc.option(odd),
  );
  const changed = fc.tuple(fields, fc.array(change, { maxLength: 3 })).map(([from, changes]) => {
    const entries = new Map<string, unknown>(Object.entries(from));
    for (const [name, value] of changes) entries.set(name, value);
    return [...entries];
  });
  return fc.oneof({ weight: 9, arbitrary: changed.map(objectText) }, { weight: 1, arbitrary: odd.map(textOf) });
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** By hand, because assigning `__proto__` sets no field. */
function objectText(entries: readonly (readonly [string, unknown])[]): string {
  return `{${entries.map(([name, value]) => `${JSON.stringify(name)}:${textOf(value)}`).join(',')}}`;
}

function textOf(value: unknown): string {
  return (JSON.stringify(value) ?? 'null').replaceAll(`"${BEYOND}"`, '1e999');
}

/** Values of the schema's types at and beyond their bounds. */
function valuesOf(schema: Schema): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map(valuesOf));
  const { minLength = 0, maxLength = 40, minimum = -5, maximum = 1_000_000, maxItems = 20 } = schema;
  switch (schema.type) {
    case 'object':
      return fc.record(mapped(schema.properties ?? {}), { requiredKeys: [] });
    case 'array':
      return fc.array(valuesOf(schema.items ?? {}), { maxLength: Math.min(50, maxItems + 1) });
    case 'string':
      return fc.string({
        minLength: Math.max(0, minLength - 1),
        maxLength: Math.min(LONGEST, maxLength + 1),
        unit: 'grapheme',
      });
    case 'integer':
      return fc.integer({ min: Math.max(minimum, -(2 ** 31)), max: Math.min(maximum, 2 ** 31 - 1) });
    case 'number':
      return fc.double({ min: minimum, max: maximum });
    case 'boolean':
      return fc.boolean();
    default:
      return fc.jsonValue({ maxDepth: 2 });
  }
}

function mapped(properties: Readonly<Record<string, Schema>>): Record<string, fc.Arbitrary<unknown>> {
  return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, valuesOf(schema)]));
}
