// Runs the quick commands once, as far as they come without a Redis, and keeps what V8 has compiled by then; see bin/quick.js.
import { writeFileSync } from 'node:fs';
import quick from '../bin/quick.js';

process.env.JWT_SECRET = 'a secret of nobody, for the length that one has';
process.env.REDIS_URL = 'redis://127.0.0.1:1';
// Of the user nobody, without an end.
const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const { createHmac } = await import('node:crypto');
const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ user_id: 'nobody' })}`;
process.env.KOALACI_TOKEN = `${signed}.${createHmac('sha256', process.env.JWT_SECRET).update(signed).digest('base64url')}`;
process.stderr.write = () => true;

const script = quick.runCompiled();
process.on('exit', () => {
  writeFileSync('dist/quick.cjs.compiled', script.createCachedData());
  process.exitCode = 0;
});
