// What takes traces by OTLP over HTTP, as JSON: a collector, as far as koalaci can tell.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedSpan {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  status: { code?: number; message?: string };
  attributes: Record<string, unknown>;
  /** In milliseconds. */
  startedAt: number;
  endedAt: number;
}

interface Value {
  stringValue?: string;
  intValue?: number;
  boolValue?: boolean;
}
interface RawSpan extends Omit<ReceivedSpan, 'attributes' | 'startedAt' | 'endedAt'> {
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: { key: string; value: Value }[];
}
interface Body {
  resourceSpans: { scopeSpans: { spans: RawSpan[] }[] }[];
}

export class TraceReceiver {
  readonly spans: ReceivedSpan[] = [];
  /** All that came, as text. */
  text = '';
  readonly #server: Server;

  private constructor({ answers }: { answers: boolean }) {
    this.#server = createServer(async (request, response) => {
      let text = '';
      for await (const data of request) text += data;
      if (!answers) return;
      this.text += text;
      this.spans.push(...spansIn(JSON.parse(text) as Body));
      response.setHeader('content-type', 'application/json').end('{}');
    });
  }

  /** `answers`: whether it says that it has taken them. */
  static async start({ answers = true } = {}): Promise<TraceReceiver> {
    const receiver = new TraceReceiver({ answers });
    await new Promise<void>((listening) => receiver.#server.listen(0, '127.0.0.1', listening));
    return receiver;
  }

  /** What says where it is, to a koalaci that speaks JSON. */
  get env(): Record<string, string> {
    const { port } = this.#server.address() as AddressInfo;
    return {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }
}

function spansIn({ resourceSpans }: Body): ReceivedSpan[] {
  const raw = resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans));
  return raw.map(({ attributes, startTimeUnixNano, endTimeUnixNano, ...span }) => ({
    ...span,
    startedAt: Number(startTimeUnixNano) / 1e6,
    endedAt: Number(endTimeUnixNano) / 1e6,
    attributes: Object.fromEntries(attributes.map(({ key, value }) => [key, plainOf(value)])),
  }));
}

function plainOf({ stringValue, intValue, boolValue }: Value): unknown {
  return stringValue ?? intValue ?? boolValue;
}
