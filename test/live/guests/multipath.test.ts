/** One disk over two fabrics: a path goes while a host writes, and comes back. */
import { expect } from 'vitest';
import { guestTest } from '../support/lab.ts';
import { Writer } from '../support/writer.ts';

const BOTH_ACTIVE = `wait_for 90 '[ "$(paths | grep -c "active ready")" = 2 ]'`;

guestTest('target port and cable fail over and back under a writer', 400, async (lab) => {
  const [a, b] = [`${lab.dir}/a.sock`, `${lab.dir}/b.sock`];
  const serve = await lab.serve({
    listen: [`A=unix:${a}`, `B=unix:${b}`],
    arguments: ['--lun', '64M'],
  });
  const host = await lab.boot({ name: 'h1', cables: [{ connect: a }, { connect: b }] });
  await host.online(2, 2);
  await host.ok('mpath_up');
  await host.ok(BOTH_ACTIVE, 190_000);
  const writer = await Writer.start(host, '/dev/mapper/mpatha');

  await serve.control({ command: 'port', action: 'down', targetPort: 0 });
  await host.ok(`wait_for 60 'paths | grep -q faulty'`, 130_000);
  await writer.reached((await writer.acknowledged()) + 50);
  await serve.control({ command: 'port', action: 'up', targetPort: 0 });
  await host.ok(BOTH_ACTIVE, 190_000);

  await host.monitor('set_link n1 off');
  await host.ok(`wait_for 60 'paths | grep -q faulty'`, 130_000);
  await writer.reached((await writer.acknowledged()) + 50);
  await host.monitor('set_link n1 on');
  await host.ok(BOTH_ACTIVE, 190_000);

  const written = await writer.finishAndCheck();
  expect(written.error).toBeUndefined();
  // fast_io_fail_tmo is 3 s; a fabric that kept the loss to itself would cost the 30 s of a command.
  expect(written.longestGapS).toBeLessThan(20);
});
