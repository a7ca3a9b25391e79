// git-lfs-transfer: what a server runs so that git-lfs gets objects over ssh alone (git-lfs, docs/proposals/ssh_adapter.md).
//
// usage: node lfs-transfer.js REPOSITORY; its objects are the files in its directory lfs, by their ids, as git-server.ts has them
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FLUSH = '0000';
const DELIMITER = '0001';
const objects = join(process.argv[2], 'lfs');

const packet = (data) => {
  const bytes = Buffer.from(data);
  return Buffer.concat([Buffer.from((bytes.length + 4).toString(16).padStart(4, '0')), bytes]);
};
const send = (...parts) => process.stdout.write(Buffer.concat(parts.map((part) => Buffer.from(part))));

/** Answers one request: its packets, each without the line end. */
function answer([command, ...rest]) {
  const status = (code) => packet(`status ${code}\n`);
  const [word, id = ''] = command.split(' ');
  if (word === 'batch') send(status(200), DELIMITER, ...rest.filter(isObject).map(placeOf), FLUSH);
  else if (word === 'get-object' && existsSync(join(objects, id))) {
    const content = readFileSync(join(objects, id));
    send(status(200), packet(`size=${content.length}\n`), DELIMITER, packet(content), FLUSH);
  } else if (word === 'get-object') send(status(404), DELIMITER, packet('no such object\n'), FLUSH);
  else if (word === 'version') send(status(200), DELIMITER, FLUSH);
  else send(status(200), FLUSH);
  if (word === 'quit') process.exit();
}

const isObject = (line) => /^[0-9a-f]{64} \d+$/.test(line);
const placeOf = (line) =>
  packet(`${line} ${existsSync(join(objects, line.split(' ')[0])) ? 'download' : 'noop'}\n`);

send(packet('version=1\n'), FLUSH);
let read = Buffer.alloc(0);
const request = [];
for await (const chunk of process.stdin) {
  read = Buffer.concat([read, chunk]);
  for (;;) {
    const length = read.length < 4 ? Number.NaN : Number.parseInt(read.subarray(0, 4).toString(), 16);
    if (!(Math.max(length, 4) <= read.length)) break;
    if (length >= 4) request.push(read.subarray(4, length).toString().trimEnd());
    read = read.subarray(Math.max(length, 4));
    if (length === 0) answer(request.splice(0));
  }
}
