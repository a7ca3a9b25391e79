// Runs a quick command once, and keeps what V8 has compiled by then; see bin/quick.js.
import { createHmac } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import quick from '../bin/quick.js';

/** A deployment as koalaci has it in Redis: most of its fields are any text. */
const texts = 'user deployment project attempt branch repo runner container commit'.split(' ');
const record = {
  ...Object.fromEntries(texts.map((name) => [name, name])),
  ...{ status: 'READY', created_at: '1', started_at: '1', ended_at: '2' },
  steps: '[{"step":"build","startedAt":1,"endedAt":2}]',
  artifact: '{"path":"p","manifest":"m","files":1,"bytes":1}',
};
/** Its log, of two entries. */
const log = ['1-0', '2-0'].map((id) => [id, ['t', '1', 's', 'build', 'n', '1', 'd', 'a line\nand one\n']]);

/** As little of a Redis as that needs: what it answers to which command. */
const ANSWERS = {
  hello: () => ({ proto: '3' }),
  client: () => 'OK',
  info: () => 'loading:0\r\n',
  hgetall: () => record,
  xrange: () => log.splice(0, 1),
};
const server = createServer((socket) => {
  socket.on('data', (data) => {
    for (const [, name] of data.toString().matchAll(/\*\d+\r\n\$\d+\r\n(\w+)/g))
      socket.write(resp(ANSWERS[name]()));
  });
});
await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
server.unref();

process.env.REDIS_URL = `redis://127.0.0.1:${server.address().port}`;
process.env.JWT_SECRET = 'a secret of nobody, for the length that one has';
process.env.KOALACI_TOKEN = tokenOf('nobody', process.env.JWT_SECRET);
process.stdout.write = process.stderr.write = () => true;
process.argv.splice(2, Number.POSITIVE_INFINITY, 'logs', 'd');

const script = quick.runCompiled();
process.on('exit', () => {
  writeFileSync('dist/quick.cjs.compiled', script.createCachedData());
  process.exitCode = 0;
});

/** A value as Redis sends it. */
function resp(value) {
  if (typeof value === 'string') return `$${value.length}\r\n${value}\r\n`;
  if (Array.isArray(value)) return `*${value.length}\r\n${value.map(resp).join('')}`;
  return `%${Object.keys(value).length}\r\n${Object.entries(value).flat().map(resp).join('')}`;
}

/** A token without an end. */
function tokenOf(user, secret) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ user_id: user })}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}
