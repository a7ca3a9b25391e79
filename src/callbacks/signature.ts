// How a receiver can tell that a callback is ours, and that it is fresh. Pure.
import { createHmac } from 'node:crypto';

/** The signature of a body at a time: HMAC-SHA256 of `<timestamp>.<body>`, in hex. */
export function sign(secret: string, timestamp: string, body: string): string {
  return createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
}
