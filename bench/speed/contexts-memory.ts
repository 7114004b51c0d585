/** The memory that 10 000 windows of 50 messages take in the embedded layer: measured in a process of its own. */
import { Answering } from '../children.ts';
import type { Row } from '../table.ts';

const BAR_BYTES = 400_000_000;

export async function contextsMemoryRow(): Promise<Row> {
  const child = new Answering<object, number>('speed/held-contexts.ts');
  try {
    const { bytes, held } = await child.ready<{ bytes: number; held: number }>();
    return {
      work: `${held.toLocaleString('en')} windows of 50 messages of 300 characters, embedded`,
      ours: `${Math.round(bytes / 1_000_000)} MB`,
      bar: '< 400 MB',
      met: held === 10_000 && bytes < BAR_BYTES,
    };
  } finally {
    child.close();
  }
}
