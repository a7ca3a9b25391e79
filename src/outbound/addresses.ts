// Which addresses are not public, or are this machine's. A user must not be able to make the runner call its own network.
import { type LookupAddress, lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { networkInterfaces } from 'node:os';

/** From the special-purpose registries of IANA (RFC 6890). */
const PRIVATE: [network: string, bits: number, family: 'ipv4' | 'ipv6'][] = [
  ['0.0.0.0', 8, 'ipv4'],
  ['10.0.0.0', 8, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['127.0.0.0', 8, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.0.0.0', 24, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['198.18.0.0', 15, 'ipv4'],
  ['224.0.0.0', 3, 'ipv4'],
  ['192.88.99.0', 24, 'ipv4'],
  // The unspecified address, loopback, and what was once for IPv4 addresses.
  ['::', 96, 'ipv6'],
  ['100::', 64, 'ipv6'],
  ['fc00::', 7, 'ipv6'],
  ['fe80::', 10, 'ipv6'],
  ['fec0::', 10, 'ipv6'],
  ['ff00::', 8, 'ipv6'],
  // These embed an IPv4 address, to which a gateway forwards.
  ['64:ff9b::', 96, 'ipv6'],
  ['64:ff9b:1::', 48, 'ipv6'],
  ['2001::', 32, 'ipv6'],
  ['2002::', 16, 'ipv6'],
];

const blocked = new BlockList();
for (const [network, bits, family] of PRIVATE) blocked.addSubnet(network, bits, family);

/** Whether an address is private, loopback, or otherwise not public. Pure. */
export function isPrivateAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 0) return true;
  // BlockList checks an IPv4-mapped IPv6 address as its IPv4 address.
  return blocked.check(address, family === 4 ? 'ipv4' : 'ipv6');
}

/** Whether nothing may be sent to an address that a user has named: it is private, or one that this machine has itself, a public one too. */
export function isRefusedAddress(address: string): boolean {
  return isPrivateAddress(address) || isOwnAddress(address);
}

/** Asked each time: a machine may get other addresses. A list, because an address can be spelled in several ways. */
function isOwnAddress(address: string): boolean {
  const own = new BlockList();
  for (const { address: one, family } of Object.values(networkInterfaces()).flatMap((all) => all ?? []))
    own.addAddress(one.replace(/%.*$/, ''), family === 'IPv4' ? 'ipv4' : 'ipv6');
  return own.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6');
}

/** A lookup that refuses these addresses. A socket uses it, so that it connects to the very address we checked. */
export function publicLookup(refusal: (host: string) => Error): LookupFunction {
  return (host, options, callback) => {
    lookup(host, { ...options, all: true }, (error, found) => {
      const addresses = found as LookupAddress[] | undefined;
      const refused = addresses?.find(({ address }) => isRefusedAddress(address));
      const [first] = addresses ?? [];
      if (error) callback(error, '', 0);
      else if (refused || !first) callback(refusal(host), '', 0);
      else if (options.all) callback(null, addresses as LookupAddress[]);
      else callback(null, first.address, first.family);
    });
  };
}
