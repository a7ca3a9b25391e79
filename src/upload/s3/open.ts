// Opens an object store that the operator has described. Loads the client: to be imported where there is one.
import { KoalaError } from '../../job/errors.js';
import type { Env } from '../../settings/read.js';
import { Bucket } from './bucket.js';
import type { S3Row } from './row.js';
import { S3Archives } from './s3-archives.js';
import { S3Target } from './s3-target.js';

/** Its bucket. Nothing is connected to yet. @throws KoalaError `environment` without a key */
export function openBucket(row: S3Row, env: Env): Bucket {
  const { name, bucket, endpoint, path_style: pathStyle } = row;
  const region = row.region ?? (env.AWS_REGION || env.AWS_DEFAULT_REGION || 'us-east-1');
  return new Bucket({ name, bucket, region, endpoint, pathStyle, credentials: credentialsOf(row, env) });
}

export function openS3Target(row: S3Row, env: Env): S3Target {
  const { name, prefix, keep_assets: keepMs } = row;
  const bucket = openBucket(row, env);
  const archives = row.artifacts ? new S3Archives(bucket, prefix) : undefined;
  return new S3Target({ name, prefix, keepMs, bucket, archives });
}

/** The row's own, or those of the environment: never another user's files or what the machine is asked for. */
function credentialsOf(row: S3Row, env: Env) {
  const isOwn = row.access_key_id !== undefined || row.secret_access_key !== undefined;
  const [accessKeyId, secretAccessKey, sessionToken] = isOwn
    ? [row.access_key_id, row.secret_access_key, row.session_token]
    : [env.AWS_ACCESS_KEY_ID, env.AWS_SECRET_ACCESS_KEY, env.AWS_SESSION_TOKEN];
  if (!accessKeyId || !secretAccessKey) {
    throw new KoalaError('environment', `target ${row.name} has no access_key_id and secret_access_key`, {
      remedy: 'Write them into its row, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
    });
  }
  return { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) };
}
