/** QEMU's words for a cable into a fabric. */
import { expect, test } from 'vitest';
import { qemuOptions } from '../../../src/live/qemu-options.ts';

test.each([
  ['unix:/tmp/a.sock', 'stream,id=san0,server=off,addr.type=unix,addr.path=/tmp/a.sock'],
  [
    'tcp:127.0.0.1:4000',
    'stream,id=san0,server=off,addr.type=inet,addr.host=127.0.0.1,addr.port=4000',
  ],
  [
    'udp:9000,9001',
    'dgram,id=san0,local.type=inet,local.host=127.0.0.1,local.port=9001,remote.type=inet,remote.host=127.0.0.1,remote.port=9000',
  ],
])('%s', (address, netdev) => {
  expect(qemuOptions(address)).toEqual([
    '-netdev',
    netdev,
    '-device',
    'virtio-net-pci,netdev=san0',
  ]);
});

test('an adapter may be another one', () => {
  const options = qemuOptions('unix:/a', { id: 'n1', mac: '52:54:00:aa:00:01', device: 'e1000e' });
  expect(options[1]).toContain('id=n1,');
  expect(options[3]).toBe('e1000e,netdev=n1,mac=52:54:00:aa:00:01');
});
