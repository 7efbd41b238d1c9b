/** What an FCF says of itself, as descriptors. */
import { expect, it } from 'vitest';
import { fipDescriptorOf, fipMessage } from '../../../../src/codecs/fip/index.ts';
import { advertisement, vlanNotification } from '../../../../src/fabric/fcoe/fip-messages.ts';

const TOLD = {
  fipPriority: 7,
  fcfMac: '0e:fc:f0:00:00:01',
  switchName: 1n,
  vfId: 100,
  fcMap: 0x0e_fc00,
  fabricName: 2n,
  fkaAdvPeriodMs: 8000,
  dBit: false,
};
const read = (input: object) => fipMessage.decode(fipMessage.encode(input as never));

it('an advertisement has priority, names and period, and says that it takes logins', () => {
  const message = read(advertisement(TOLD, 2));
  expect([message.operation, message.subcode]).toEqual([1, 2]);
  // FP, A, F and what the caller adds. Source: FC-BB-5, FIP flags.
  expect(message.flags).toBe(0x8000 | 4 | 1 | 2);
  expect(fipDescriptorOf(message, 'priority')).toMatchObject({ priority: 7 });
  expect(fipDescriptorOf(message, 'fabric')).toMatchObject({ vfId: 100, fabricName: 2n });
  expect(fipDescriptorOf(message, 'fkaAdvPeriod')).toMatchObject({
    flags: 0,
    fkaAdvPeriodMs: 8000,
  });
});

it('the D bit is told where no keep-alives are wanted', () => {
  const message = read(advertisement({ ...TOLD, dBit: true }, 0));
  expect(fipDescriptorOf(message, 'fkaAdvPeriod')).toMatchObject({ flags: 1 });
});

it('an answer to a VLAN request names every VLAN behind the MAC address', () => {
  const { descriptors, subcode } = read(vlanNotification(TOLD.fcfMac, [5, 1002]));
  expect(subcode).toBe(2);
  expect(descriptors.map((one) => ('vid' in one ? one.vid : one.kind))).toEqual(['mac', 5, 1002]);
});
