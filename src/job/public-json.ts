// Turns values, and their schemas, into the JSON that koalaci gives out: names in snake_case, times as RFC 3339. Pure.
import * as z from 'zod';

/** A time as in all JSON of koalaci: `2026-01-31T12:00:00.000Z`. `ms` is milliseconds since 1970. */
export function rfc3339(ms: number): string {
  return new Date(ms).toISOString();
}

/** `exitCode` → `exit_code`. */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Names of fields that are left out, wherever they are. */
type Hidden = ReadonlySet<string>;
const NONE: Hidden = new Set();

/**
 * An object and all that it contains, in public form. A number whose name ends in `At` is a time in milliseconds since
 * 1970. Undefined fields are left out, and so are `hidden` ones.
 */
export function publicJson(value: object, hidden: Hidden = NONE): Record<string, unknown> {
  const shown: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(value))
    if (field !== undefined && !hidden.has(name)) shown[publicName(name)] = publicField(name, field, hidden);
  return shown;
}

/** The value of which publicJson() has made this JSON; its undefined and hidden fields are not there. */
export function fromPublicJson(json: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(json).map(([name, field]) => {
      const own = name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
      return [own, fromPublicField(own, field)];
    }),
  );
}

/** The schema of what publicJson() returns for values of a schema. Knows objects, arrays and unions of them. */
export function publicSchema(schema: z.ZodType, hidden: Hidden = NONE, name = ''): z.ZodType {
  const inner = (one: z.core.$ZodType, field = '') => publicSchema(inside(one), hidden, field);
  if (schema instanceof z.ZodExactOptional) return inner(schema.unwrap(), name).exactOptional();
  if (schema instanceof z.ZodArray) return z.array(inner(schema.element));
  if (schema instanceof z.ZodUnion) return z.union(schema.options.map((one) => inner(one)));
  if (schema instanceof z.ZodNumber && isTime(name)) return TIME;
  if (!(schema instanceof z.ZodObject)) return schema;
  const fields = Object.entries(schema.shape)
    .filter(([field]) => !hidden.has(field))
    .map(([field, one]) => [snakeCase(field), inner(one, field)]);
  return z.strictObject(Object.fromEntries(fields));
}

/** The schema of a time. */
export const TIME = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  .meta({ format: 'date-time', description: 'RFC 3339, in UTC, with milliseconds' });

const isTime = (name: string) => name.endsWith('At');

const names = new Map<string, string>();

/** Converts each name once: there are few, but a list of jobs repeats them thousands of times. */
function publicName(name: string): string {
  const known = names.get(name) ?? snakeCase(name);
  names.set(name, known);
  return known;
}

function publicField(name: string, value: unknown, hidden: Hidden): unknown {
  if (typeof value === 'number' && isTime(name)) return rfc3339(value);
  if (Array.isArray(value)) return value.map((item) => publicField('', item, hidden));
  return typeof value === 'object' && value !== null ? publicJson(value, hidden) : value;
}

function fromPublicField(name: string, value: unknown): unknown {
  if (typeof value === 'string' && isTime(name)) return Date.parse(value);
  if (Array.isArray(value)) return value.map((item) => fromPublicField('', item));
  return typeof value === 'object' && value !== null ? fromPublicJson(value) : value;
}

/** zod types an inner schema as its core type, which has no methods. Ours are all full schemas. */
function inside(schema: z.core.$ZodType): z.ZodType {
  return schema as z.ZodType;
}
