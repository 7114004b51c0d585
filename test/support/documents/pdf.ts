/** Writes PDF files: text at places of pages, an outline and page labels. */

export type PdfText = Readonly<{ x: number; y: number; size: number; text: string }>;
type PdfOutline = Readonly<{ title: string; page: number; top?: number; items?: readonly PdfOutline[] }>;
/** Each entry numbers the pages from an index on: in Roman (`r`) or Arabic (`D`) numbers from 1. */
type PdfLabels = readonly Readonly<{ from: number; style: 'r' | 'D' }>[];
export type PdfParts = Readonly<{
  pages: readonly (readonly PdfText[])[];
  outline?: readonly PdfOutline[];
  labels?: PdfLabels;
  encrypted?: boolean;
}>;

/** Letter: 612 × 792 points; `y` counts from the upper edge. */
const [WIDTH, HEIGHT] = [612, 792];
/** The width of a text in Courier. */
export const courierWidth = (text: string, size: number) => text.length * size * 0.6;

export function pdf({ pages, outline = [], labels, encrypted = false }: PdfParts): Buffer {
  const objects: string[] = [];
  const add = (body: string) => objects.push(body);
  const [catalog, tree, font, outlines] = [
    add(''),
    add(''),
    add('<</Type/Font/Subtype/Type1/BaseFont/Courier/Encoding/WinAnsiEncoding>>'),
    add(''),
  ];
  const kids = pages.map((texts) => {
    const content = texts
      .map(({ x, y, size, text }) => `BT /F ${size} Tf ${x} ${HEIGHT - y} Td (${escaped(text)}) Tj ET`)
      .join('\n');
    const stream = add(`<</Length ${content.length}>>stream\n${content}\nendstream`);
    return add(
      `<</Type/Page/Parent ${tree} 0 R/MediaBox[0 0 ${WIDTH} ${HEIGHT}]/Contents ${stream} 0 R/Resources<</Font<</F ${font} 0 R>>>>>>`,
    );
  });
  const { first, last, count } = outlineObjects(outline, outlines, kids, objects);
  objects[outlines - 1] = `<</Type/Outlines${count > 0 ? `/First ${first} 0 R/Last ${last} 0 R/Count ${count}` : ''}>>`;
  objects[tree - 1] = `<</Type/Pages/Count ${kids.length}/Kids[${kids.map((kid) => `${kid} 0 R`).join(' ')}]>>`;
  const numbers = labels?.map(({ from, style }) => `${from}<</S/${style}>>`).join(' ');
  objects[catalog - 1] =
    `<</Type/Catalog/Pages ${tree} 0 R/Outlines ${outlines} 0 R${numbers === undefined ? '' : `/PageLabels<</Nums[${numbers}]>>`}>>`;
  return written(objects, encrypted);
}

function escaped(text: string): string {
  return text.replace(/[\\()]/g, '\\$&');
}

function outlineObjects(items: readonly PdfOutline[], parent: number, pages: readonly number[], objects: string[]) {
  const numbers = items.map(() => objects.push(''));
  for (const [index, { title, page, top, items: inner = [] }] of items.entries()) {
    const own = numbers[index]!;
    const below = outlineObjects(inner, own, pages, objects);
    const beside = [
      numbers[index - 1] && `/Prev ${numbers[index - 1]} 0 R`,
      numbers[index + 1] && `/Next ${numbers[index + 1]} 0 R`,
    ];
    const children = below.count > 0 ? `/First ${below.first} 0 R/Last ${below.last} 0 R/Count ${below.count}` : '';
    const dest = top === undefined ? `${pages[page]} 0 R/Fit` : `${pages[page]} 0 R/XYZ 0 ${HEIGHT - top} null`;
    objects[own - 1] =
      `<</Title(${escaped(title)})/Parent ${parent} 0 R${beside.filter(Boolean).join('')}${children}/Dest[${dest}]>>`;
  }
  return { first: numbers[0], last: numbers.at(-1), count: numbers.length };
}

function written(objects: readonly string[], encrypted: boolean): Buffer {
  let text = '%PDF-1.4\n';
  const offsets = objects.map((body, index) => {
    const offset = text.length;
    text += `${index + 1} 0 obj\n${body}\nendobj\n`;
    return String(offset).padStart(10, '0');
  });
  const key = '00'.repeat(32);
  const encryption = encrypted ? `/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<${key}>/U<${key}>>>/ID[<00><00>]` : '';
  const table = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.map((offset) => `${offset} 00000 n \n`).join('')}`;
  return Buffer.from(
    `${text}${table}trailer<</Size ${objects.length + 1}/Root 1 0 R${encryption}>>\nstartxref\n${text.length}\n%%EOF`,
    'latin1',
  );
}
