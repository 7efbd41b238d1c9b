import { expect, it } from 'vitest';
import { namedPort, PortNames } from '../../../../src/audit/told/port-names.ts';
import { readFrames } from '../../../../src/capture/index.ts';
import { Conversation, decodeFrame } from '../../../../src/codecs/index.ts';

it('names ports by their logins, in their own fabric', async () => {
  const names = new PortNames();
  const conversation = new Conversation();
  for await (const { bytes, linkType } of readFrames('fixtures/fabric-move-same.pcap'))
    names.take(decodeFrame(bytes, { linkType, conversation }), 'A');
  names.learn('A', 0x010203, 0x2000_0025_b500_0001n);
  expect(names.of('A', 0x010203)).toMatchObject({
    nPortId: '010203',
    wwpn: '20:00:00:25:b5:00:00:01',
  });
  expect(names.of('B', 0x010203)).toMatchObject({ nPortId: '010203', wwpn: undefined });
  // tshark -Y fcels.opcode==3 -T fields -e fc.s_id -e fcels.npname.
  expect(names.of('A', 0x01aa01).wwpn).toBe('20:01:52:54:00:aa:00:01');
  expect(names.of('A', 0x01bb00).wwpn).toBe('20:00:52:54:00:bb:00:01');
  expect(names.of('A', 0x010203).number).not.toBe(names.of('B', 0x010203).number);
});

it('keeps who had an address apart from who has it now', () => {
  const names = new PortNames();
  const unnamed = names.of('A', 0x010203);
  names.learn('A', 0x010203, 1n);
  // Who was there before a login was seen is whoever logs in first.
  expect(names.of('A', 0x010203)).toBe(unnamed);
  expect(namedPort(unnamed)).toEqual({ nPortId: '010203', wwpn: '00:00:00:00:00:00:00:01' });
  names.learn('A', 0x010203, 1n);
  expect(names.of('A', 0x010203)).toBe(unnamed);
  names.learn('A', 0x010203, 2n);
  expect(names.of('A', 0x010203).wwpn).toBe('00:00:00:00:00:00:00:02');
  expect(names.of('A', 0x010203).number).not.toBe(unnamed.number);
  expect(unnamed.wwpn).toBe('00:00:00:00:00:00:00:01');
});
