// Makes an example that fits a JSON schema, where nobody has written one. Pure.

interface Schema {
  type?: string;
  format?: string;
  const?: unknown;
  enum?: unknown[];
  examples?: unknown[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
}

const TIME = '2026-01-31T12:00:00.000Z';

/** A value that fits: of an object, the fields that it must have. */
export function sampleOf(schema: Schema): unknown {
  const { anyOf, oneOf = anyOf, examples } = schema;
  if ('const' in schema) return schema.const;
  if (schema.enum) return schema.enum[0];
  if (examples) return examples[0];
  if (oneOf?.[0]) return sampleOf(oneOf[0]);
  if (schema.type === 'object') return sampleOfObject(schema);
  if (schema.type === 'array') return schema.items ? [sampleOf(schema.items)] : [];
  if (schema.type === 'number' || schema.type === 'integer') return 1;
  if (schema.type === 'boolean') return true;
  if (schema.type === 'string') return schema.format === 'date-time' ? TIME : 'text';
  return null;
}

function sampleOfObject({ properties = {}, required = [] }: Schema): Record<string, unknown> {
  const asked = Object.entries(properties).filter(([name]) => required.includes(name));
  return Object.fromEntries(asked.map(([name, schema]) => [name, sampleOf(schema)]));
}
