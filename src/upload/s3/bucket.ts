// The door to an object store that speaks S3. What fails is tried again some times, with longer and longer pauses.
import { setMaxListeners } from 'node:events';
import { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
  type S3ServiceException,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { problemOf } from './problem.js';

/** Over about half a minute. */
const TRIES = 9;
const CONNECTING_MS = 10_000;
/** A store that says nothing for so long is taken for gone. */
const SILENCE_MS = 60_000;
/** Of each file that is sent in parts, two are in memory at once. 10,000 of them are the most that there may be. */
const PART_BYTES = 8 << 20;
const MOST_PARTS = 10_000;

export interface BucketOptions {
  /** The target's name, for messages. */
  name: string;
  bucket: string;
  region: string;
  endpoint?: string | undefined;
  /** Whether the bucket's name is in the path of addresses, and not in their host. */
  pathStyle: boolean;
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
}

export type ObjectHeaders = {
  ContentType?: string;
  CacheControl?: string;
  Metadata?: Record<string, string>;
};

export interface ObjectHead {
  size: number;
  metadata: Record<string, string>;
}

/**
 * A bucket. All calls end with the signal, and throw a KoalaError with words for users: `conflict` where it is no use to try again,
 * else `environment`.
 */
export class Bucket {
  readonly #client: S3Client;
  readonly #options: BucketOptions;
  readonly #signal: AbortSignal | undefined;

  constructor(options: BucketOptions, signal?: AbortSignal, client = clientOf(options)) {
    this.#options = options;
    this.#signal = signal;
    this.#client = client;
  }

  /** The same bucket; its calls end with this signal. */
  until(signal: AbortSignal): Bucket {
    const own = AbortSignal.any([signal]);
    // Each call that is under way listens to it.
    setMaxListeners(0, own);
    return new Bucket(this.#options, own, this.#client);
  }

  /** Whether it is there, and may be used. */
  async check(): Promise<void> {
    await this.#ask('look at it', () =>
      this.#client.send(new HeadBucketCommand({ Bucket: this.#options.bucket }), this.#sending),
    );
  }

  async put(key: string, body: Uint8Array, headers: ObjectHeaders): Promise<void> {
    const input = { ...this.#at(key), ...headers, Body: body };
    await this.#ask('put', () => this.#client.send(new PutObjectCommand(input), this.#sending), key);
  }

  /** Puts what comes in pieces: in several parts, if it is much. An error of the pieces is thrown as it is. */
  async putStream(
    key: string,
    pieces: AsyncIterable<Uint8Array>,
    headers: ObjectHeaders,
    bytes: number,
  ): Promise<void> {
    const upload = new Upload({
      client: this.#client,
      params: { ...this.#at(key), ...headers, Body: Readable.from(pieces, { objectMode: false }) },
      partSize: Math.max(PART_BYTES, Math.ceil(bytes / MOST_PARTS)),
      queueSize: 2,
    });
    const abort = () => void upload.abort().catch(() => {});
    this.#signal?.addEventListener('abort', abort);
    try {
      this.#signal?.throwIfAborted();
      await this.#ask('put', () => upload.done(), key);
    } finally {
      this.#signal?.removeEventListener('abort', abort);
    }
  }

  /** The whole of a small object; undefined if there is none. */
  async get(key: string): Promise<Uint8Array | undefined> {
    return this.#ask(
      'get',
      unlessMissing(async () => {
        const { Body } = await this.#client.send(new GetObjectCommand(this.#at(key)), this.#sending);
        return Body?.transformToByteArray();
      }),
      key,
    );
  }

  /** What is known of an object; undefined if there is none. */
  async head(key: string): Promise<ObjectHead | undefined> {
    return this.#ask(
      'get',
      unlessMissing(async () => {
        const found = await this.#client.send(new HeadObjectCommand(this.#at(key)), this.#sending);
        return { size: found.ContentLength ?? 0, metadata: found.Metadata ?? {} };
      }),
      key,
    );
  }

  /** The bytes of an object from `start` to `end`, both included. What the connection loses is asked for again by the caller. */
  async read(key: string, start: number, end: number): Promise<Readable> {
    const input = { ...this.#at(key), Range: `bytes=${start}-${end}` };
    return this.#ask(
      'get',
      async () => {
        const { Body } = await this.#client.send(new GetObjectCommand(input), this.#sending);
        return Body as Readable;
      },
      key,
    );
  }

  /** Removes an object, if it is there. */
  async remove(key: string): Promise<void> {
    await this.#ask(
      'remove',
      () => this.#client.send(new DeleteObjectCommand(this.#at(key)), this.#sending),
      key,
    );
  }

  /** The keys that begin with a prefix. */
  async list(prefix: string): Promise<string[]> {
    const asked = { Bucket: this.#options.bucket, Prefix: prefix };
    return this.#ask('list', async () => {
      const keys: string[] = [];
      for await (const { Contents = [] } of paginateListObjectsV2({ client: this.#client }, asked))
        keys.push(...Contents.flatMap(({ Key }) => Key ?? []));
      return keys;
    });
  }

  #at(Key: string): { Bucket: string; Key: string } {
    return { Bucket: this.#options.bucket, Key };
  }

  get #sending(): { abortSignal?: AbortSignal } {
    return this.#signal ? { abortSignal: this.#signal } : {};
  }

  async #ask<Answer>(verb: string, ask: () => Promise<Answer>, key?: string): Promise<Answer> {
    try {
      return await ask();
    } catch (error) {
      this.#signal?.throwIfAborted();
      throw problemOf(error, { ...this.#options, verb, key });
    }
  }
}

function clientOf({ region, endpoint, pathStyle, credentials }: BucketOptions): S3Client {
  // It would write on standard error which Node it wants one day.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  const client = new S3Client({
    ...{ region, credentials, forcePathStyle: pathStyle, maxAttempts: TRIES },
    ...(endpoint ? { endpoint } : {}),
    // Many stores know none of the newer checksums. All that is sent is signed with its sha256.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: { connectionTimeout: CONNECTING_MS, socketTimeout: SILENCE_MS },
  });
  // Some stores sign the path of a bucket without the slash at its end.
  client.middlewareStack.add(
    (next) => (args) => {
      const request = args.request as { path: string };
      request.path = request.path.replace(/(?<=.)\/$/, '');
      return next(args);
    },
    { step: 'build' },
  );
  return client;
}

function unlessMissing<Answer>(ask: () => Promise<Answer>): () => Promise<Answer | undefined> {
  return () =>
    ask().catch((error: S3ServiceException) => {
      if (error.$metadata?.httpStatusCode === 404 && error.name !== 'NoSuchBucket') return undefined;
      throw error;
    });
}
