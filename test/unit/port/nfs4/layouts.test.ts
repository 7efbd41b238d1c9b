/** Layouts of blocks between hosts that share a file: recalled, returned, taken away; and what the auditor says of who stays. */
import { describe, expect, test } from 'vitest';
import { LEASE4_SECONDS } from '../../../../src/port/nfs4/sessions.ts';
import { ARRAY, AuditRig, LU_NAME } from '../../../helpers/audit-rig.ts';
import { type LayoutHost, LayoutHosts } from '../../../helpers/nfs4-hosts.ts';
import { blockOf } from '../../../helpers/nfs4-pair.ts';

const LEASE_NS = LEASE4_SECONDS * 1e9;
const NONE = 'LAYOUTGET: NFS4ERR_LAYOUTUNAVAILABLE';
const CONFLICT = 'LAYOUTGET: NFS4ERR_RECALLCONFLICT';

/** I20 over all that was told. */
function judged(hosts: LayoutHosts) {
  const rig = new AuditRig();
  for (const event of hosts.told) rig.tell(ARRAY, event);
  return rig.verdict('I20');
}

test('a layout goes over by recall and return, and nobody is accused', () => {
  const hosts = new LayoutHosts();
  const h1 = hosts.host('h1');
  const h2 = hosts.host('h2');
  expect(hosts.get(h1)).toBeUndefined();
  hosts.write(h1, blockOf(1));
  expect(hosts.get(h2)).toBe(CONFLICT);
  expect(h1.recalls).toHaveLength(1);
  // What is under way may still end.
  hosts.write(h1, blockOf(2));
  hosts.giveBack(h1);
  expect(hosts.get(h2)).toBeUndefined();
  hosts.write(h2, blockOf(3));
  expect(hosts.layouts).toEqual(['granted h1', 'recalled h1', 'returned h1', 'granted h2']);
  expect(judged(hosts)).toMatchObject({
    result: 'holds',
    detail: '3 writes under layouts, all by who might write',
  });
});

test('who waits has it before who has just returned it, who goes on through the server', () => {
  const hosts = new LayoutHosts();
  const h1 = hosts.host('h1');
  const h2 = hosts.host('h2');
  hosts.get(h1);
  expect(hosts.get(h2)).toBe(CONFLICT);
  // Its own is recalled: to tell it of a conflict would have it wait for itself.
  expect(hosts.get(h1)).toBe(NONE);
  hosts.giveBack(h1);
  expect(hosts.get(h1)).toBe(NONE);
  expect(hosts.get(h2)).toBeUndefined();
  hosts.giveBack(h2);
  expect(hosts.get(h1)).toBeUndefined();
  expect(hosts.get(h2)).toBe(CONFLICT);
  hosts.giveBack(h1);
  // Who does not come again is waited for no more.
  hosts.wait(17e9);
  expect(hosts.get(h1)).toBeUndefined();
});

describe('a client that goes on writing', () => {
  test('behind its return is found', () => {
    const hosts = new LayoutHosts();
    const h1 = hosts.host('h1', (host: LayoutHost) => hosts.giveBack(host));
    const h2 = hosts.host('h2');
    hosts.get(h1);
    hosts.get(h2);
    expect(hosts.get(h2)).toBeUndefined();
    hosts.write(h2, blockOf(3));
    hosts.write(h1, blockOf(1));
    const { detail, result } = judged(hosts);
    expect(result).toBe('violated');
    expect(detail).toMatch(/^h1 wrote LBA 0 of .*, whose layout it had returned$/);
  });

  test('and returns nothing is fenced when its lease is over, before another has the layout', () => {
    const hosts = new LayoutHosts();
    const h1 = hosts.host('h1');
    const h2 = hosts.host('h2');
    hosts.get(h1);
    expect(hosts.get(h2)).toBe(CONFLICT);
    hosts.wait(LEASE_NS - 1e9);
    expect([hosts.get(h2), hosts.write(h1, blockOf(1))]).toEqual([CONFLICT, true]);
    hosts.wait(2e9);
    expect(hosts.layouts.at(-1)).toBe('revoked h1');
    expect([hosts.get(h2), hosts.write(h1, blockOf(2))]).toEqual([undefined, false]);
    hosts.write(h2, blockOf(3));
    expect(judged(hosts).result).toBe('holds');
  });

  test('is found on a server that takes the layout away and does not fence', () => {
    const hosts = new LayoutHosts();
    hosts.fenced.add = () => hosts.fenced;
    const h1 = hosts.host('h1');
    const h2 = hosts.host('h2');
    hosts.get(h1);
    hosts.get(h2);
    hosts.wait(LEASE_NS + 1e9);
    hosts.get(h2);
    hosts.write(h1, blockOf(1));
    expect(judged(hosts)).toMatchObject({
      result: 'violated',
      detail: expect.stringMatching(/^h1 wrote LBA 0 of .*, whose layout was taken from it$/),
    });
  });

  test('comes back as a new client: the disk is open to it when it has the layout again', () => {
    const hosts = new LayoutHosts();
    const h1 = hosts.host('h1');
    const h2 = hosts.host('h2');
    hosts.get(h1);
    hosts.get(h2);
    hosts.wait(LEASE_NS + 1e9);
    hosts.get(h2);
    hosts.giveBack(h2);
    expect([hosts.write(h1, blockOf(1)), hosts.get(h1), hosts.write(h1, blockOf(2))]).toEqual([
      false,
      undefined,
      true,
    ]);
  });
});

test('two that hold it for writing are found', () => {
  const hosts = new LayoutHosts();
  const granted = {
    type: 'layout',
    state: 'granted',
    luName: LU_NAME,
    mode: 'read-write',
  } as const;
  const [h1, h2] = [hosts.host('h1'), hosts.host('h2')];
  hosts.told.push({ ...granted, initiator: h1.initiator }, { ...granted, initiator: h2.initiator });
  hosts.write(h2, blockOf(1));
  expect(judged(hosts).detail).toMatch(/^the layout of .* went to h2 while h1 held it$/);
});
