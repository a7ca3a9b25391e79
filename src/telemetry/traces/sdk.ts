// OpenTelemetry's SDK, set up by its own variables: what makes spans, and sends them by OTLP. Only tracing.ts loads it, and only then.
import { hostname } from 'node:os';
import { type Context, DiagLogLevel, defaultTextMapGetter, diag, ROOT_CONTEXT } from '@opentelemetry/api';
import { ExportResultCode, W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import {
  defaultResource,
  detectResources,
  envDetector,
  type Resource,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor, type SpanExporter } from '@opentelemetry/sdk-trace-base';
import { settledWithin } from '../../job/settled-within.js';
import { TracedScreen } from './traced-screen.js';
import { addressIn, type Tracing, type TracingOptions } from './wanted.js';

/** How long a command, or a daemon that stops, waits for its last spans to be sent. */
const CLOSING_MS = 2_000;
/** Of an export of a command, tries and all: less, so that there is time to say that it took too long. */
const COMMAND_EXPORT_MS = 1_500;

/** Opens it; undefined if the environment wants it in a way that koalaci does not have, which is said. */
export function openSdk(options: TracingOptions): Tracing | undefined {
  const tell = once(options.onProblem);
  const silent = () => {};
  const say = (...words: unknown[]) => tell(words.join(': '));
  const logger = { error: say, warn: say, info: silent, debug: silent, verbose: silent };
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  const exporter = openExporter(options, tell);
  if (!exporter) return undefined;
  const provider = new BasicTracerProvider({
    resource: resourceOf(options),
    spanProcessors: [new BatchSpanProcessor(neverFailing(exporter, tell))],
  });
  const tracer = provider.getTracer('koalaci', options.version);
  const parent = parentOf(options);
  return {
    traced: (screen, { isQueued }) => new TracedScreen(screen, { tracer, parent, isQueued }),
    close: async () => {
      await settledWithin(CLOSING_MS, provider.shutdown());
    },
  };
}

/** By which protocol they are sent. Without a word of the environment, it is the first one. */
const EXPORTERS = { 'http/protobuf': ProtobufExporter, 'http/json': JsonExporter };

function openExporter(
  { env, isCommand }: TracingOptions,
  tell: (why: string) => void,
): SpanExporter | undefined {
  const protocol =
    env.OTEL_EXPORTER_OTLP_TRACES_PROTOCOL || env.OTEL_EXPORTER_OTLP_PROTOCOL || 'http/protobuf';
  const Exporter = EXPORTERS[protocol as keyof typeof EXPORTERS];
  const isAddress = URL.canParse(addressIn(env));
  // What is under way keeps a command from ending.
  if (Exporter && isAddress) return new Exporter(isCommand ? { timeoutMillis: COMMAND_EXPORT_MS } : {});
  tell(
    isAddress
      ? `not sent: koalaci speaks ${Object.keys(EXPORTERS).join(' and ')}, not the OTEL_EXPORTER_OTLP_PROTOCOL ${protocol}`
      : 'not sent: OTEL_EXPORTER_OTLP_ENDPOINT is no http:// or https:// address',
  );
  return undefined;
}

/** What the spans come from. What the environment says of it counts most. */
function resourceOf({ version }: TracingOptions): Resource {
  const own = { 'service.name': 'koalaci', 'service.version': version, 'host.name': hostname() };
  return defaultResource()
    .merge(resourceFromAttributes(own))
    .merge(detectResources({ detectors: [envDetector] }));
}

/** The span that a command was started in, by the variables that CI systems and `otel-cli` set. */
function parentOf({ env, isCommand }: TracingOptions): Context {
  if (!isCommand) return ROOT_CONTEXT;
  const carrier = { traceparent: env.TRACEPARENT, tracestate: env.TRACESTATE };
  return new W3CTraceContextPropagator().extract(ROOT_CONTEXT, carrier, defaultTextMapGetter);
}

/** Nothing is done about spans that were not taken, but to say so. */
function neverFailing(exporter: SpanExporter, tell: (why: string) => void): SpanExporter {
  return {
    export: (spans, done) =>
      exporter.export(spans, ({ code, error }) => {
        if (code !== ExportResultCode.SUCCESS)
          tell(`not sent: ${error?.message || error?.name || 'not taken'}`);
        done({ code: ExportResultCode.SUCCESS });
      }),
    forceFlush: async () => exporter.forceFlush?.(),
    shutdown: () => exporter.shutdown(),
  };
}

function once(tell: (why: string) => void): (why: string) => void {
  let isTold = false;
  return (why) => {
    if (!isTold) tell(why);
    isTold = true;
  };
}
