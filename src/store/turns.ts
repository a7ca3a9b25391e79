// Turns: what one process of all does now, and the others leave for a while.
import type { Redis } from 'ioredis';
import { runScript } from './run-script.js';

/** KEYS: what expires. ARGV: after how many ms each does at most. */
const SHORTEN = `
for at, key in ipairs(KEYS) do
  if redis.call('PTTL', key) > tonumber(ARGV[at]) then redis.call('PEXPIRE', key, ARGV[at]) end
end`;

/** Sees to it that keys expire after so many ms at most. They last longer when somebody has set the clock back. */
export async function shorten(redis: Redis, lives: [key: string, ms: number][]): Promise<void> {
  const keys = lives.map(([key]) => key);
  const most = lives.map(([, ms]) => ms);
  await runScript(redis, SHORTEN, keys, most);
}

/** Takes the turn for so many ms. Returns false while another process has it. */
export async function takeTurn(redis: Redis, key: string, ms: number): Promise<boolean> {
  await shorten(redis, [[key, ms]]);
  return (await redis.set(key, '1', 'PX', ms, 'NX')) === 'OK';
}
