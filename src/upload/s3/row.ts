// A row of targets.json for an object store that speaks S3.
import * as z from 'zod';
import { parseAge } from '../../settings/parsers.js';
import { COMMON_FIELDS, text } from '../row.js';

export const S3Row = z.strictObject({
  ...COMMON_FIELDS,
  type: z.literal('s3'),
  bucket: text.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{1,254}$/, 'must be the name of a bucket'),
  /** Of AWS, without an endpoint. Most other stores take any. */
  region: text.regex(/^[a-z0-9-]+$/, 'must be the name of a region, such as eu-central-1').optional(),
  endpoint: z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// address' }).optional(),
  prefix: text
    .regex(/^[\w.-]+(\/[\w.-]+)*\/?$/, 'must be names with a slash between, such as web/koalaci')
    .transform((prefix) => `${prefix.replace(/\/$/, '')}/`)
    .default(''),
  /** Whether the bucket is named in the path of addresses, and not by their host. */
  path_style: z.boolean('must be true or false').default(false),
  access_key_id: text.optional(),
  secret_access_key: text.optional(),
  session_token: text.optional(),
  /** How long what is gone stays for pages that are open. */
  keep_assets: text.transform((age, context) => ageOf(age, context)).default(7 * 86_400_000),
  /** Whether archives and manifests go there too, so that every machine has all artifacts. */
  artifacts: z.boolean('must be true or false').default(false),
});
export type S3Row = z.output<typeof S3Row>;

function ageOf(text: string, context: z.RefinementCtx): number {
  try {
    return parseAge('keep_assets', text);
  } catch {
    context.addIssue({ code: 'custom', message: 'must be a time, such as 7d or 12h' });
    return z.NEVER;
  }
}
