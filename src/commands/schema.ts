// koalaci schema: prints the schema of what commands read and print as JSON.
import { KoalaError } from '../job/errors.js';
import { nearest } from '../job/nearest.js';
import { print } from '../ui/print.js';
import { drawTable } from '../ui/table.js';
import { jsonSchema, SCHEMAS } from '../usage/schemas.js';

export function schema(name: string | undefined): void {
  print(`${name === undefined ? listed() : JSON.stringify(found(name), null, 2)}\n`);
}

function listed(): string {
  return drawTable(Object.entries(SCHEMAS).map(([name, { says }]) => [name, says])).join('\n');
}

function found(name: string): object {
  const schema = jsonSchema(name);
  if (schema) return schema;
  const names = Object.keys(SCHEMAS);
  const meant = nearest(name, names);
  throw new KoalaError('bad_input', `there is no schema ${JSON.stringify(name)}`, {
    remedy: meant ? `Did you mean ${meant}?` : `There is one for ${names.join(', ')}.`,
  });
}
