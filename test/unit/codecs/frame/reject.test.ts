import { describe, expect, it } from 'vitest';
import { readFrames } from '../../../../src/capture/index.ts';
import { Conversation, decodeFrame, type Reject, rejectOf } from '../../../../src/codecs/index.ts';

async function rejectsIn(file: string): Promise<[number, Reject][]> {
  const conversation = new Conversation();
  const found: [number, Reject][] = [];
  for await (const { bytes, linkType, index } of readFrames(file)) {
    const reject = rejectOf(decodeFrame(bytes, { linkType, conversation }));
    if (reject !== undefined) found.push([index, reject]);
  }
  return found;
}

describe('refusals', () => {
  it('have who refuses, what, and why in words', async () => {
    const all = await rejectsIn('fixtures/fabric-move-same.pcap');
    // tshark: fcels.rjt.reason, .reasonexpl and fcct.reason, .reasonexpl of these frames.
    expect(all).toEqual([
      [85, { by: 'LS_RJT', command: 'PLOGI', reason: 'command in progress', explanation: '' }],
      ...[696, 697].map((frame) => [
        frame,
        {
          by: 'CT_RJT',
          command: 'GPN_ID',
          reason: 'unable to perform',
          explanation: 'port identifier not registered',
        },
      ]),
      ...[699, 701].map((frame) => [
        frame,
        {
          by: 'LS_RJT',
          command: 'LOGO',
          reason: 'unable to perform',
          explanation: 'invalid n port id',
        },
      ]),
    ]);
  });

  it('are none where nothing is refused', async () => {
    expect(await rejectsIn('fixtures/field/01-read-whole.pcap')).toEqual([]);
  });
});
