// Signs callbacks, so that a receiver can check that koalaci sent one, and when. Pure.
import { createHmac } from 'node:crypto';

/** The signature of a body and the time of the call: HMAC-SHA256 of `<timestamp>.<body>`, in hex. */
export function sign(secret: string, timestamp: string, body: string): string {
  return createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
}
