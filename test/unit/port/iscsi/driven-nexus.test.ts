import { describe, expect, it } from 'vitest';
import { DrivenNexus } from '../../../../src/port/iscsi/driven-nexus.ts';
import type { InitiatorNexus, ScsiCommand } from '../../../../src/scsi/transport.ts';

function rig(sends = true) {
  const log: string[] = [];
  const nexus = {
    initiatorPort: 'i',
    targetPort: 't',
    address: 3,
    targetAddress: 4,
    ready: true,
    execute: () => {
      log.push('execute');
      const open = { tag: 7, abort: () => log.push('abort'), forget: () => log.push('forget') };
      return sends ? open : undefined;
    },
    manage: () => log.push('manage'),
    contradiction: (what: string) => log.push(what),
  } as unknown as InitiatorNexus;
  const driven = new DrivenNexus(nexus, (work) => {
    log.push('now');
    const made = work();
    log.push('out');
    return made;
  });
  return { driven, log };
}

describe('a nexus of a machine inside a host', () => {
  it('has time and a way out around everything that is asked of it', () => {
    const { driven, log } = rig();
    const open = driven.execute({} as ScsiCommand)!;
    open.abort();
    open.forget();
    driven.manage({ function: 'clear-aca', lun: 0n, timeoutNs: 1 }, () => {});
    driven.contradiction('what');
    expect(log.filter((one) => one !== 'now' && one !== 'out')).toEqual([
      'execute',
      'abort',
      'forget',
      'manage',
      'what',
    ]);
    expect(log.filter((one) => one === 'now')).toHaveLength(5);
    expect(log.filter((one) => one === 'out')).toHaveLength(5);
    expect(log.slice(0, 3)).toEqual(['now', 'execute', 'out']);
  });

  it('is named as the one that it drives', () => {
    const { driven } = rig();
    expect(driven).toMatchObject({
      initiatorPort: 'i',
      targetPort: 't',
      address: 3,
      targetAddress: 4,
      ready: true,
    });
  });

  it('has no command where none was sent', () => {
    expect(rig(false).driven.execute({} as ScsiCommand)).toBeUndefined();
  });
});
