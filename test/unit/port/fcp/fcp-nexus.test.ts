/** A login with a remote port as a nexus: its names, and when it is ready. */
import { describe, expect, it } from 'vitest';
import { FcpPair, INITIATOR_ID, TARGET_ID } from '../../../helpers/fcp-pair.ts';
import { hex, TUR } from '../../../helpers/scsi-target.ts';

describe('a nexus of FCP', () => {
  it('has the ports’ WWPNs as names and their N_Port_IDs as addresses', () => {
    const { nexus } = new FcpPair();
    expect([nexus.initiatorPort, nexus.targetPort]).toEqual([
      '21:00:00:00:00:00:00:0a',
      '50:00:00:00:00:00:00:a0',
    ]);
    expect([nexus.address, nexus.targetAddress]).toEqual([INITIATOR_ID, TARGET_ID]);
  });

  it('is ready while the remote port is, but for ADISC', () => {
    const pair = new FcpPair();
    const { nexus } = pair;
    expect(nexus.ready).toBe(true);
    pair.toTarget.state = 'adisc';
    expect(nexus.ready).toBe(false);
    pair.toTarget.state = 'ready';
    expect(nexus.ready).toBe(true);
  });

  it('is over with its login; the next login is another nexus', () => {
    const pair = new FcpPair();
    const { nexus } = pair;
    pair.toTarget.logins++;
    expect(nexus.ready).toBe(false);
    expect(pair.send(hex(TUR)).ends).toEqual([{ end: 'not-sent' }]);
    expect(pair.initiator.nexusOf(pair.toTarget).ready).toBe(true);
  });

  it('tells what contradicts its port', () => {
    const pair = new FcpPair();
    pair.nexus.contradiction('nonsense');
    expect(pair.initiatorPort.contradictions).toEqual(['nonsense']);
  });
});
