// A connection to a service that is lost now and then: passes bytes on, and cuts off what it has passed on when a test wants that.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

export class CuttingProxy {
  readonly url: string;
  /** Connections so far. */
  count = 0;
  readonly #server: Server;
  readonly #open = new Set<Socket>();
  #cutAfter: number | undefined;
  #lost: string | undefined;

  private constructor(server: Server) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async start(target: URL): Promise<CuttingProxy> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const proxy = new CuttingProxy(server);
    server.on('connection', (socket) => proxy.#pass(socket, target));
    return proxy;
  }

  /** Cuts each answer off after so many bytes; from now on, and once for each connection. */
  cutAfter(bytes: number | undefined): void {
    this.#cutAfter = bytes;
  }

  /** The service gets the next request that begins so, and its answer is lost. */
  loseAnswerTo(request: string): void {
    this.#lost = request;
  }

  /** Whether that has happened. */
  get hasLost(): boolean {
    return this.#lost === undefined;
  }

  /** Cuts off all that is open. */
  cut(): void {
    for (const socket of this.#open) socket.destroy();
  }

  async stop(): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #pass(socket: Socket, target: URL): void {
    this.count++;
    const upstream = connect(Number(target.port), target.hostname);
    const ends = [socket, upstream];
    for (const end of ends) {
      this.#open.add(end);
      end.on('error', () => {});
      end.on('close', () => {
        this.#open.delete(end);
        for (const other of ends) other.destroy();
      });
    }
    let left = this.#cutAfter ?? Number.POSITIVE_INFINITY;
    socket.on('data', (data) => {
      upstream.write(data);
      if (this.#lost === undefined || !data.toString().startsWith(this.#lost)) return;
      this.#lost = undefined;
      left = 0;
    });
    upstream.on('data', (data) => {
      socket.write(data.subarray(0, left), () => {
        if (left <= 0) socket.destroy();
      });
      left -= data.length;
    });
  }
}
