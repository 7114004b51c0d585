/** The absolute paths of the project's own files, whatever the working directory. */
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..', '..');

export const paths = {
  migrations: join(root, 'migrations'),
  seeders: join(root, 'seeders'),
  page: join(root, 'clients', 'page'),
  package: join(root, 'package.json'),
  environment: join(root, '.env'),
} as const;
