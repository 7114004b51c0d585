/** Dot products of many vectors of small whole numbers with one, in WebAssembly: it multiplies eight at a time. */

const I32 = 0x7f;
const V128 = 0x7b;
const MEMORY_PAGES = 32;
const PAGE_BYTES = 65_536;
/** Vectors are read in pieces of so many numbers. */
export const DOT_STEP = 16;

/** Where in the memory the one vector, the many, and the products are. */
const VECTORS_AT = PAGE_BYTES;
const PRODUCTS_AT = (MEMORY_PAGES - 8) * PAGE_BYTES;
const PRODUCT_BYTES = 4;
export const MAX_DIMENSION = 8_192;

/** The parameters of the function, in order, and then its variables. */
const [ONE, MANY, END, DIMENSION, STRIDE, PRODUCTS, AT, SUM] = [0, 1, 2, 3, 4, 5, 6, 7] as const;

const get = (variable: number) => [0x20, variable];
const set = (variable: number) => [0x21, variable];
const setAndKeep = (variable: number) => [0x22, variable];
const whole = (number: number) => [0x41, number];
const ADD = [0x6a];
const STORE = [0x36, 2, 0];
const NO_SUM = [0xfd, 0x0c, ...new Uint8Array(16)];
const ADD_LANES = [0xfd, 0xae, 0x01];
const MULTIPLY = [0xfd, 0xba, 0x01];
const load = (offset: number) => [0xfd, 0x01, 0, offset];
const lane = (number: number) => [...get(SUM), 0xfd, 0x1b, number];
const repeat = (...body: readonly number[]) => [0x03, 0x40, ...body, 0x0b];
/** Goes to the beginning of the loop that it is in, while the variable is below the other. */
const whileBelow = (variable: number, end: number) => [...setAndKeep(variable), ...get(end), 0x49, 0x0d, 0];

/** Eight products, added to the sum. */
const products = (offset: number) => [
  ...[...get(ONE), ...get(AT), ...ADD, ...load(offset)],
  ...[...get(MANY), ...get(AT), ...ADD, ...load(offset)],
  ...[...MULTIPLY, ...get(SUM), ...ADD_LANES, ...set(SUM)],
];

const EACH_VECTOR = repeat(
  ...[...NO_SUM, ...set(SUM), ...whole(0), ...set(AT)],
  ...repeat(
    ...products(0),
    ...products(DOT_STEP / 2),
    ...[...get(AT), ...whole(DOT_STEP), ...ADD, ...whileBelow(AT, DIMENSION)],
  ),
  ...[...get(PRODUCTS), ...lane(0), ...lane(1), ...ADD, ...lane(2), ...ADD, ...lane(3), ...ADD, ...STORE],
  ...[...get(PRODUCTS), ...whole(PRODUCT_BYTES), ...ADD, ...set(PRODUCTS)],
  ...[...get(MANY), ...get(STRIDE), ...ADD, ...whileBelow(MANY, END)],
);

/** A length, or a number of pages, with what follows it. */
const counted = (bytes: readonly number[]) => [(bytes.length & 0x7f) | 0x80, bytes.length >> 7, ...bytes];
const named = (name: string) => [name.length, ...Array.from(name, (letter) => letter.charCodeAt(0))];
const section = (id: number, ...bytes: readonly number[]) => [id, ...counted(bytes)];

const MODULE = Uint8Array.from([
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  ...section(1, 1, 0x60, 6, I32, I32, I32, I32, I32, I32, 0),
  ...section(3, 1, 0),
  ...section(5, 1, 0, MEMORY_PAGES),
  ...section(7, 2, ...named('memory'), 2, 0, ...named('multiply'), 0, 0),
  ...section(10, 1, ...counted([2, 1, I32, 1, V128, ...EACH_VECTOR, 0x0b])),
]);

type Memory = Readonly<{ buffer: ArrayBuffer }>;
/** What of it is used: the types of Node.js do not have it. */
declare const WebAssembly: Readonly<{
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object) => Readonly<{ exports: unknown }>;
}>;
type Exports = Readonly<{
  memory: Memory;
  multiply(one: number, many: number, end: number, dimension: number, stride: number, products: number): void;
}>;

let loaded: Exports | undefined;

/** One for all: nothing of it is left when the next vector comes. */
function exports(): Exports {
  loaded ??= new WebAssembly.Instance(new WebAssembly.Module(MODULE)).exports as Exports;
  return loaded;
}

/** How many vectors with a stride of so many bytes are taken at a time. */
export function vectorsAtATime(stride: number): number {
  return Math.floor((PRODUCTS_AT - VECTORS_AT) / stride);
}

/**
 * The products of one vector with those that begin `offset` bytes into each stride; the next call overwrites them. The
 * length of a vector is a multiple of `DOT_STEP`, and at most `MAX_DIMENSION`.
 */
export function dotProducts(
  one: Int8Array,
  { strides, stride, offset }: Readonly<{ strides: Uint8Array; stride: number; offset: number }>,
): Int32Array {
  const { memory, multiply } = exports();
  new Int8Array(memory.buffer).set(one);
  new Uint8Array(memory.buffer).set(strides, VECTORS_AT);
  multiply(0, VECTORS_AT + offset, VECTORS_AT + strides.length, one.length, stride, PRODUCTS_AT);
  return new Int32Array(memory.buffer, PRODUCTS_AT, strides.length / stride);
}
