// The schemas of all JSON that commands read and print, for programs: `koalaci schema <name>`.
import * as z from 'zod';
import { Manifest } from '../artifact/manifest-file.js';
import { DetectionAnswer } from '../detection/detection-answer.js';
import { CallbackBody } from '../job/callback.js';
import { ENDINGS, REASONS } from '../job/ending.js';
import { Payload } from '../job/payload.js';
import { PLACES } from '../job/places.js';
import { publicSchema } from '../job/public-json.js';
import { JobRecord } from '../job/record.js';
import { STATUSES, STEPS } from '../job/status.js';

const text = z.string();
const count = z.number().int().min(0);
/** As in all JSON of koalaci: publicJson(). */
const time = z.iso.datetime({ precision: 3 });
const step = z
  .enum(STEPS)
  .or(z.literal(''))
  .describe('the step in which it was printed; before the first one, none');

/** The second form is a service's, which does not say what names its machine. */
const deployment = z.union([publicSchema(JobRecord), publicSchema(JobRecord, PLACES)]);
const finding = z.strictObject({
  check: text,
  level: z.enum(['ok', 'warning', 'error']),
  found: text,
  remedy: text.optional(),
  commands: z.array(text).optional().describe('what to type, one command each'),
  settings: z.array(z.strictObject({ name: text, value: text, set: z.boolean() })).optional(),
});
const setting = z.strictObject({
  name: text,
  value: text.nullable().describe('masked if it is secret; null without a value'),
  from: text.describe('environment, default, or the path of the file'),
});
const artifact = z.strictObject({
  deployment: text,
  project: text,
  branch: text.optional(),
  built_at: time,
  files: count.optional(),
  archive_bytes: count.optional(),
  sha256: text.optional(),
  place: z.enum(['here', 'another_machine', 'missing']),
  recorded: z.boolean(),
});
const release = z.strictObject({
  target: text,
  place: text,
  deployment: text,
  branch: text,
  state: z.enum(['served', 'kept', 'held']),
  created_at: time,
  released_at: time.optional(),
  released_by: text.optional(),
  replaced_at: time.optional(),
  pinned_by: text.optional(),
  pinned_at: time.optional(),
});
const line = z.union([
  z.strictObject({
    ...{ time, step, line: count, text },
    own: z.literal(true).optional().describe('koalaci itself says it; else it is the output of the step'),
  }),
  z.strictObject({ cut: count.describe('so many lines are left out here') }),
]);
const event = z.union([
  z.looseObject({ time, type: z.literal('started'), record: deployment, warm: z.boolean() }),
  z.looseObject({ time, type: z.literal('step_started'), step: z.enum(STEPS), why: text.optional() }),
  z.looseObject({ time, type: z.literal('log'), step, own: z.literal(true).optional(), text }),
  z.looseObject({
    ...{ time, type: z.literal('step_ended'), step: z.enum(STEPS), ok: z.boolean(), skipped: z.boolean() },
    ...{ ms: z.number().min(0), note: text },
  }),
  z.looseObject({
    time,
    type: z.literal('retried'),
    cause: z.looseObject({ reason: z.enum(REASONS) }).optional(),
  }),
  z.looseObject({
    time,
    type: z.literal('ended'),
    ending: z.looseObject({ status: z.enum(STATUSES), reason: z.enum(Object.keys(ENDINGS)).optional() }),
    record: deployment,
    recorded: z.boolean(),
  }),
]);

interface Described {
  /** Which command reads or prints it. */
  says: string;
  schema: z.ZodType;
}

/** By name. A list is an array of what is named. */
export const SCHEMAS: Readonly<Record<string, Described>> = {
  payload: { says: 'koalaci run job.json, POST /job/create', schema: Payload },
  event: { says: 'koalaci run --json, one a line', schema: event },
  line: { says: 'koalaci logs --json, one a line', schema: line },
  deployment: {
    says: 'koalaci status --json; koalaci list --json and wait --json have an array of them',
    schema: deployment,
  },
  artifact: { says: 'koalaci artifacts ls --json: an array of them', schema: artifact },
  manifest: { says: '<deployment>.json beside an artifact', schema: Manifest },
  release: { says: 'koalaci releases --json: an array of them', schema: release },
  detection: { says: 'koalaci detect --json', schema: DetectionAnswer },
  callback: { says: 'the body of what is sent to a callback_url', schema: CallbackBody },
  finding: { says: 'koalaci doctor --json, koalaci upgrade-check --json: an array of them', schema: finding },
  setting: { says: 'koalaci config --json: an array of them', schema: setting },
};

/** As JSON Schema; undefined if there is none of that name. */
export function jsonSchema(name: string): object | undefined {
  const described = SCHEMAS[name];
  if (!described) return undefined;
  const { says, schema } = described;
  return {
    title: name,
    description: says,
    ...z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }),
  };
}
