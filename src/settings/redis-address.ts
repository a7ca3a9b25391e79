// The canonical form of a Redis address: which Redis it is, however the setting spells it. Pure.

/** `host:port/database`, or the path of a socket. User, password and options do not count: they may change. */
export function canonicalRedis(url: string): string {
  const { protocol, hostname, port, pathname, searchParams } = new URL(url);
  const database = (path: string) => String(Number(searchParams.get('db') ?? path.replace(/^\/+/, '')) || 0);
  if (protocol === 'unix:') return `${decodeURI(hostname + pathname)}/${database('')}`;
  const host = hostname.toLowerCase().replace(/\.$/, '');
  const isLoopback = host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
  return `${isLoopback ? 'localhost' : host}:${port || '6379'}/${database(pathname)}`;
}
