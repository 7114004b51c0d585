/** Writes ZIP archives, also such as no honest program writes. */
import { crc32, deflateRawSync } from 'node:zlib';

/** What a file in the archive claims, where that is not what it has. */
export type ZippedFile = Readonly<{
  name: string | Uint8Array;
  content?: Uint8Array | string;
  stored?: boolean;
  /** Of the file's size when it is unpacked. */
  claimedSize?: number;
  crc?: number;
  /** Unix mode: 0o120777 is a link. */
  mode?: number;
  flags?: number;
  method?: number;
  /** Whether it is the bytes of the file before it, under a name of its own. */
  shared?: boolean;
}>;

const UTF8_NAMES = 0x800;

export function zip(files: readonly ZippedFile[]): Buffer {
  const [locals, centrals]: [Buffer[], Buffer[]] = [[], []];
  let offset = 0;
  let last = 0;
  for (const file of files) {
    if (!file.shared) last = offset;
    const { local, central } = headersOf(file, last);
    centrals.push(central);
    if (file.shared) continue;
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(centrals);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Math.min(files.length, 0xffff), 8);
  end.writeUInt16LE(Math.min(files.length, 0xffff), 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}

function headersOf(file: ZippedFile, offset: number): Readonly<{ local: Buffer; central: Buffer }> {
  const content = Buffer.from(file.content ?? '');
  const packed = file.stored ? content : deflateRawSync(content);
  const name = Buffer.from(file.name);
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(20, 0);
  fields.writeUInt16LE(file.flags ?? UTF8_NAMES, 2);
  fields.writeUInt16LE(file.method ?? (file.stored ? 0 : 8), 4);
  fields.writeUInt32LE(file.crc ?? crc32(content), 10);
  fields.writeUInt32LE(packed.length, 14);
  fields.writeUInt32LE(file.claimedSize ?? content.length, 18);
  fields.writeUInt16LE(name.length, 22);
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE(((file.mode ?? 0o100644) << 16) >>> 0, 6);
  rest.writeUInt32LE(offset, 10);
  return {
    local: Buffer.concat([Buffer.from('PK\u0003\u0004'), fields, name, packed]),
    central: Buffer.concat([Buffer.from('PK\u0001\u0002\u0014\u0003'), fields, rest, name]),
  };
}
