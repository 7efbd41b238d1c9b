import { expect, it } from 'vitest';
import { linkParameters } from '../../../src/link/channel.ts';
import { LinkQos } from '../../../src/link/link-qos.ts';
import { BUFFER_DEFAULTS, GROUPS_DEFAULT, type QosEnd } from '../../../src/link/qos-options.ts';

const end = (mac: string): QosEnd => ({
  queues: { ...GROUPS_DEFAULT, pfcEnabled: 8 },
  mac,
  buffer: { ...BUFFER_DEFAULTS, headroomBytes: 20_000 },
});

it('a direction has the queues of who sends it and the buffer of who takes it', () => {
  const ends = [end('02:00:00:00:00:01'), { ...end('02:00:00:00:00:02'), responseNs: 7 }] as const;
  const { lanes } = new LinkQos(ends, linkParameters({ qos: { ends } }));
  expect(lanes.map(({ receiver, sender }) => [sender.mac.at(-1), receiver.mac.at(-1)])).toEqual([
    ['1', '2'],
    ['2', '1'],
  ]);
  expect(lanes.map((one) => one.responseNs)).toEqual([3891, 7]);
});

it('queues that are none are refused', () => {
  const wrong = { ...end('02:00:00:00:00:01'), queues: { ...GROUPS_DEFAULT, pfcEnabled: 300 } };
  expect(() => new LinkQos([wrong, wrong], linkParameters({}))).toThrow(RangeError);
});
