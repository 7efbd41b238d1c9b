/**
 * PREEMPT as Linux asks for it: `sg_persist` sends TYPE 0 unless it is told otherwise, and a PREEMPT
 * that only removes registrations ignores SCOPE and TYPE (SPC-6, 5.14.11.2.5). Reported of a target
 * that refused it (docs/field.md, l02).
 */
import { expect } from 'vitest';
import { guestTest } from '../support/lab.ts';

const VPORT = '2001525400aa0001';
/** What `sg_persist` ends with at a RESERVATION CONFLICT. Source: sg3_utils(8), exit status. */
const CONFLICT = 24;

guestTest(
  'PREEMPT of a registration ignores its TYPE, one of the holder does not',
  300,
  async (lab) => {
    const serve = await lab.serve({ arguments: ['--lun', '16M'] });
    const host = await lab.host(serve);
    await host.ok(`vport_add ${VPORT}`);
    const own = '/dev/$(disk_of 2000525400aa0001)';
    const other = `/dev/${await host.ok(`vport_disk ${VPORT}`)}`;
    const out = 'sg_persist -n -v --out';
    const keys = () => host.ok(`sg_persist -n --in --read-keys ${own}`);
    // Power on is told once to each.
    await host.run(`sg_turs ${own}; sg_turs ${other}`);

    await host.ok(`${out} --register --param-sark=0x1 ${own}`);
    await host.ok(`${out} --register --param-sark=0x2 ${other}`);
    expect(await keys()).toMatch(/0x1\b[\s\S]*0x2\b/);
    await host.ok(`${out} --reserve --param-rk=0x1 --prout-type=5 ${own}`);
    const reservation = () => host.ok(`sg_persist -n --in --read-reservation ${own}`);
    expect(await reservation()).toMatch(/Key=0x1\b[\s\S]*Write Exclusive, registrants only/);

    // Service action 04h, TYPE 0: only the key that is named goes, and the holder stays.
    const preempt = `${out} --preempt --param-rk=0x1 --param-sark=0x2`;
    const removed = await host.run(`${preempt} ${own} 2>&1`);
    expect(removed.output).toMatch(/\b5f 04 00 00\b/i);
    expect(removed.status).toBe(0);
    expect(await keys()).toMatch(/0x1\b/);
    expect(await keys()).not.toMatch(/0x2\b/);
    expect(await reservation()).toMatch(/Key=0x1\b/);
    /** A nexus whose registration another took away is told once. */
    const isTold = async (disk: string) =>
      expect((await host.run(`sg_turs -v ${disk} 2>&1`)).output).toMatch(
        /[Rr]egistrations preempted/,
      );
    await isTold(other);
    expect((await host.run(`stamp write ${other} 0 1`)).status).not.toBe(0);

    // A key that nobody has is refused, whatever the TYPE.
    for (const type of ['', '--prout-type=5'])
      expect((await host.run(`${preempt} ${type} ${own}`)).status).toBe(CONFLICT);

    // Of the holder's key TYPE counts: the reservation becomes what it says.
    await host.ok(`${out} --register --param-sark=0x2 ${other}`);
    const takes = `${out} --preempt --param-rk=0x2 --param-sark=0x1`;
    const untyped = await host.run(`${takes} ${other} 2>&1`);
    expect(untyped.output).toMatch(/Invalid field in cdb/);
    expect(await reservation()).toMatch(/Key=0x1\b/);
    await host.ok(`${takes} --prout-type=5 ${other}`);
    await isTold(own);
    expect(await reservation()).toMatch(/Key=0x2\b[\s\S]*Write Exclusive, registrants only/);
    await host.ok(`stamp write ${other} 0 1`);
  },
);
