/** The target offers RETRY: Linux then has lost frames sent again within the exchange (REC, SRR). */
import { expect } from 'vitest';
import { guestTest } from '../support/lab.ts';
import { numbersOf } from '../support/tshark.ts';
import { until } from '../support/wait.ts';

guestTest('Linux asks for what was lost by REC and SRR, and aborts nothing', 240, async (lab) => {
  const serve = await lab.serve({ arguments: ['--lun', '16M'] });
  const host = await lab.host(serve);
  await host.ok('tr "\\000" A < /dev/zero | head -c 65536 > /tmp/a');
  const cases = [
    ['fcp-xfer-rdy', 'dd if=/tmp/a of=/dev/sda bs=64k oflag=direct'],
    ['fcp-data', 'dd if=/tmp/a of=/dev/sda bs=64k oflag=direct seek=1'],
    ['fcp-rsp', 'dd if=/tmp/a of=/dev/sda bs=64k oflag=direct seek=2'],
    ['fcp-data', 'dd if=/dev/sda of=/tmp/b bs=64k count=1 iflag=direct && cmp /tmp/a /tmp/b'],
    ['fcp-rsp', 'dd if=/dev/sda of=/tmp/b bs=64k count=1 iflag=direct && cmp /tmp/a /tmp/b'],
  ] as const;
  for (const [kind, command] of cases) {
    const rule = { link: 'A.1', kind: 'drop', frames: kind, times: 1, name: 'loss' };
    await serve.control({ command: 'fault', action: 'add', ...rule });
    // 3 s until REC, and not the 30 s of a command's time-out.
    await host.ok(command, 20_000);
    await until(
      async () => {
        const { faults } = await serve.control({ command: 'fault', action: 'list' });
        return (faults as { applied: number }[]).every((one) => one.applied === 1);
      },
      5000,
      `a frame of ${kind} is lost`,
    );
    await serve.control({ command: 'fault', action: 'clear' });
  }
  await host.ok(
    'echo 3 > /proc/sys/vm/drop_caches; dd if=/dev/sda of=/tmp/b bs=64k count=3; cat /tmp/a /tmp/a /tmp/a | cmp - /tmp/b',
  );
  await serve.stop();
  const tap = serve.tapPath!;
  // R_CTL 32h and 33h: FC-4 link service request and reply; each is seen at both ports' taps.
  const requests = numbersOf(tap, 'fc.r_ctl == 0x32').length;
  expect(requests).toBeGreaterThanOrEqual(5);
  expect(numbersOf(tap, 'fc.r_ctl == 0x33').length).toBe(requests);
  expect(numbersOf(tap, 'fc.r_ctl == 0x81')).toEqual([]);
});
