// npm run reference: writes src/guides/reference.md, and the tables of README.md and the guides, from schemas and tables in src.
import { readFile, writeFile } from 'node:fs/promises';
import { filled } from './marked.js';
import { PAGES } from './pages.js';
import { REFERENCE_PAGE, referencePage } from './reference/page.js';
import { TABLES } from './reference/tables.js';

await writeFile(REFERENCE_PAGE, referencePage());
for (const page of PAGES) {
  const before = await readFile(page, 'utf8');
  const after = filled(before, ({ kind, name }) => (kind === 'table' ? TABLES[name]?.() : undefined));
  if (after !== before) await writeFile(page, after);
}
