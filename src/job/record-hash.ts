// Converts records to Redis hashes and back. Fields are in snake_case, values are strings, times are in milliseconds.
import * as z from 'zod';
import { snakeCase } from './public-json.js';
import { type End, JobRecord, type Progress, type RecordFields, type Start } from './record.js';
import { isFinal } from './status.js';

/** A change that may be written over a record. */
export type RecordPatch = Start | Progress | End;

/** A record, or a change of one, as the fields of a hash. */
export function toHash(record: JobRecord | RecordPatch): Record<string, string> {
  const entries = Object.entries(record).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    entries.map(([name, value]) => [
      snakeCase(name),
      typeof value === 'object' ? JSON.stringify(value) : String(value),
    ]),
  );
}

/** The same as a flat list (field, value, …), which scripts take. */
export function toFields(record: JobRecord | RecordPatch): string[] {
  return Object.entries(toHash(record)).flat();
}

/**
 * Turns a hash into a record. Returns undefined for an empty hash, which Redis answers for a missing key, and for one
 * that is no record: a broken hash must not make a list of jobs fail. Leaves out fields that the schema does not have.
 */
export function fromHash(hash: Record<string, string>): JobRecord | undefined {
  if (!hash.status) return undefined;
  try {
    return JobRecord.parse(mended(decoded(hash), hash));
  } catch {
    return undefined;
  }
}

interface Field {
  name: string;
  decode: (text: string) => unknown;
}

/** The name and decoder of each field of a hash, from the schema. */
const FIELDS = new Map<string, Field>(
  JobRecord.options
    .flatMap(({ shape }) => Object.entries(shape))
    .map(([name, schema]) => [snakeCase(name), { name, decode: decoderOf(schema) }]),
);

type Draft = Partial<RecordFields>;

function decoderOf(schema: z.core.$ZodType): Field['decode'] {
  const inner = schema instanceof z.ZodExactOptional ? schema.unwrap() : schema;
  if (inner instanceof z.ZodNumber) return Number;
  const isJson = [z.ZodObject, z.ZodArray, z.ZodBoolean].some((type) => inner instanceof type);
  return isJson ? JSON.parse : String;
}

function decoded(hash: Record<string, string>): Draft {
  const draft: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(hash)) {
    const known = FIELDS.get(field);
    if (known) draft[known.name] = known.decode(value);
  }
  return draft;
}

/**
 * Mends what older versions wrote: they called the attempt `run`, and could end a job without a time. The last known
 * time is the closest to the end.
 */
function mended(draft: Draft, hash: Record<string, string>): Draft {
  if (draft.attempt === undefined && hash.run) draft.attempt = hash.run;
  if (draft.status && isFinal(draft.status) && draft.endedAt === undefined) {
    const last = draft.steps?.at(-1);
    const endedAt = last?.endedAt ?? last?.startedAt ?? draft.startedAt ?? draft.createdAt;
    if (endedAt !== undefined) draft.endedAt = endedAt;
  }
  return draft;
}
