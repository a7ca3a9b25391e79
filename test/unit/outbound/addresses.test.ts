import { networkInterfaces } from 'node:os';
import { expect, it } from 'vitest';
import { isPrivateAddress, isRefusedAddress } from '../../../src/outbound/addresses.js';

it.each([
  '127.0.0.1',
  '127.8.9.10',
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '169.254.169.254',
  '172.17.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '198.18.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::ffff:127.0.0.1',
  '::ffff:10.0.0.1',
  'fd00::1',
  'fe80::1',
  'ff02::1',
  '64:ff9b::7f00:1',
  '2002:7f00:1::',
  '::7f00:1',
  '::ffff:7f00:1',
  '100::1',
  'no address',
])('%s is private', (address) => {
  expect(isPrivateAddress(address)).toBe(true);
});

it.each([
  '1.1.1.1',
  '100.63.255.255',
  '172.15.0.1',
  '172.32.0.1',
  '192.167.1.1',
  '2606:4700::1111',
  '::ffff:1.1.1.1',
])('%s is of the internet', (address) => {
  expect(isPrivateAddress(address)).toBe(false);
});

it('every address of this machine is refused, and no other public one', () => {
  const own = Object.values(networkInterfaces()).flatMap((all) => all?.map(({ address }) => address) ?? []);
  expect(own.filter((address) => !isRefusedAddress(address))).toEqual([]);
  expect(isRefusedAddress('1.1.1.1')).toBe(false);
  expect(isRefusedAddress('::ffff:1.1.1.1')).toBe(false);
});
