/** The display filter of a command line. */
import { expect, test } from 'vitest';
import { openCapture } from '../../../src/capture/index.ts';
import { FrameFilter, filterOf } from '../../../src/cli/frame-filter.ts';
import { UsageError } from '../../../src/cli/output.ts';

test('chooses frames by what they answer too', async () => {
  const filter = new FrameFilter('fcels.opcode == FLOGI || fip');
  const capture = await openCapture('fixtures/fabric-io.pcap');
  let taken = 0;
  await capture.visitAll((place) => {
    if (filter.takes(place)) taken++;
  });
  expect(taken).toBeGreaterThan(4);
  expect(taken + filter.leftOut).toBe(275);
});

test('says where the mistake is', () => {
  expect(() => filterOf('fc.sid == 1')).toThrow(UsageError);
  expect(() => filterOf('fc.sid == 1')).toThrow('--filter at character 1');
});
