/**
 * Packs files that were taken out of an archive into one anew, uncompressed: for packages that unpack by themselves.
 */
import { crc32 } from 'node:zlib';
import type { ArchiveFile } from './archive.ts';

const UTF8_NAMES = 0x800;

export function storedZip(files: readonly ArchiveFile[]): Buffer {
  const [parts, directory]: [Uint8Array[], Buffer[]] = [[], []];
  let offset = 0;
  for (const { name, bytes } of files) {
    const encoded = Buffer.from(name);
    const fields = fieldsOf(encoded, bytes);
    parts.push(Buffer.from('PK\u0003\u0004'), fields, encoded, bytes);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    directory.push(Buffer.from('PK\u0001\u0002\u0014\u0000'), fields, rest, encoded);
    offset += 30 + encoded.length + bytes.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006');
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, central, end]);
}

/** What both headers of a file have, from the version that is needed to the length of its extra field. */
function fieldsOf(name: Buffer, bytes: Uint8Array): Buffer {
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(20, 0);
  fields.writeUInt16LE(UTF8_NAMES, 2);
  fields.writeUInt32LE(crc32(bytes), 10);
  fields.writeUInt32LE(bytes.length, 14);
  fields.writeUInt32LE(bytes.length, 18);
  fields.writeUInt16LE(name.length, 22);
  return fields;
}
