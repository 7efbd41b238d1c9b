/** A target port: logins, commands that it refuses by itself, and what becomes of exchanges. */
import { describe, expect, it } from 'vitest';
import { FcpPair, INITIATOR_ID, SECOND } from '../../../helpers/fcp-pair.ts';
import { filled, hex, read10, TUR, write10 } from '../../../helpers/scsi-target.ts';

const GOOD = { end: 'answered', status: 0 };

describe('a login', () => {
  it('begins a nexus with the initiator’s name and N_Port_ID, and ends it', () => {
    const pair = new FcpPair();
    const nexus = pair.target.nexusOf(pair.toInitiator)!;
    expect(nexus).toMatchObject({
      initiatorPort: '21:00:00:00:00:00:00:0a',
      targetPort: '50:00:00:00:00:00:00:a0',
      address: INITIATOR_ID,
      epoch: 1,
      live: true,
    });
    pair.target.rportGone(pair.toInitiator);
    expect([nexus.live, pair.target.nexusOf(pair.toInitiator)]).toEqual([false, undefined]);
    pair.target.rportGone(pair.toInitiator);
    pair.target.rportReady(pair.toInitiator);
    expect(pair.target.nexusOf(pair.toInitiator)?.epoch).toBe(2);
  });

  it('that ends takes its open exchanges and their tasks with it, and no data reaches them', () => {
    const pair = new FcpPair();
    pair.passes = ({ header }) => header.rCtl !== 0x01;
    pair.send(hex(write10(0, 1)), { dataOut: filled(1, 9) });
    pair.clock.run(SECOND);
    const late = pair.frames.at(-1)!;
    expect(late.header.rCtl).toBe(0x01);
    pair.target.rportGone(pair.toInitiator);
    expect(pair.cleared).toEqual(['1 nexus-lost']);
    pair.target.rportReady(pair.toInitiator);
    pair.deliver(late);
    pair.clock.run(10 * SECOND);
    expect(pair.refused).toEqual(['data for no open exchange, OX_ID 1h']);
    expect(pair.log.at(-1)).toBe('> DATA 0+512');
  });

  it('that is missing is told to the sender by LOGO', () => {
    const pair = new FcpPair();
    pair.target.rportGone(pair.toInitiator);
    pair.send(hex(TUR));
    pair.clock.run(SECOND);
    expect(pair.refused).toEqual(['FCP frame from 010200, which is not logged in']);
    expect(pair.log).toEqual(['> CMND', '< ELS']);
    expect(pair.frames[1]!.payload[0]).toBe(0x05);
  });
});

describe('a command', () => {
  it('of another login epoch is dropped, where OX_IDs tell epochs', () => {
    const pair = new FcpPair();
    pair.oxIdEpochs = true;
    pair.toInitiator.prliOxId = 0x4001;
    pair.send(hex(TUR));
    pair.clock.run(SECOND);
    expect(pair.refused).toEqual(['a command with an OX_ID of another login epoch']);
    expect(pair.log).toEqual(['> CMND']);
    pair.toInitiator.prliOxId = 0x3fff;
    const { ends } = pair.send(hex(TUR));
    pair.clock.run(SECOND);
    expect(ends).toMatchObject([GOOD]);
  });

  it('with an OX_ID in use ends both: overlapped commands', () => {
    const pair = new FcpPair();
    pair.serviceTimeNs = SECOND;
    const { ends } = pair.send(hex(TUR));
    pair.clock.run(10_000);
    pair.deliver(pair.frames[0]!);
    pair.clock.run(SECOND);
    expect(pair.cleared).toEqual(['1 overlapped']);
    const [end] = ends;
    expect(end).toMatchObject({ end: 'answered', status: 2 });
    if (end?.end === 'answered') expect([end.sense[2], end.sense[12]]).toEqual([0x0b, 0x4e]);
  });

  it('in a frame of an unknown kind is refused', () => {
    const pair = new FcpPair();
    pair.send(hex(TUR));
    const [{ header, payload }] = pair.frames as [(typeof pair.frames)[number]];
    pair.deliver({ from: 'initiator', header: { ...header, rCtl: 0x02 }, payload });
    expect(pair.refused).toEqual(['frame with R_CTL 2h']);
  });

  it('takes as long as its array says, and less data than FCP_DL is a residual', () => {
    const pair = new FcpPair();
    pair.serviceTimeNs = 5000;
    const { ends } = pair.send(hex(read10(0, 1)), { dataInBytes: 2048 });
    pair.clock.run(6999);
    expect(ends).toEqual([]);
    pair.clock.run(1);
    expect(ends).toMatchObject([{ ...GOOD, residual: 1536 }]);
    expect(pair.clock.now).toBe(7000);
  });
});

describe('ABTS', () => {
  it('of an open exchange ends its task: the data is not written', () => {
    const pair = new FcpPair();
    pair.serviceTimeNs = SECOND;
    const { open, ends } = pair.send(hex(write10(0, 1)), { dataOut: filled(1, 9) });
    pair.clock.run(10_000);
    open!.abort();
    pair.clock.run(3 * SECOND);
    expect(ends).toEqual([{ end: 'aborted' }]);
    const read = pair.send(hex(read10(0, 1)), { dataInBytes: 512 });
    pair.clock.run(3 * SECOND);
    expect(read.ends).toMatchObject([{ data: filled(1, 0) }]);
  });

  it('of an exchange that it does not know is rejected', () => {
    const pair = new FcpPair();
    pair.passes = ({ header }) => header.rCtl !== 0x06;
    const { open, ends } = pair.send(hex(TUR));
    open!.abort();
    pair.clock.run(SECOND);
    expect(pair.log).toEqual(['> CMND', '> ABTS', '< BA_RJT']);
    expect(ends).toEqual([{ end: 'aborted' }]);
  });
});

describe('FCP_CONF', () => {
  it('is asked for as configured, and only where the initiator allows it', () => {
    const asks = (confirm: 'never' | 'sense' | 'always', cdb: string, allowed = true) => {
      const pair = new FcpPair({ confirm: allowed });
      pair.confirm = confirm;
      pair.send(hex(cdb), { dataInBytes: 512 });
      pair.clock.run(SECOND);
      return pair.log.includes('> CONF');
    };
    const refused = read10(5000, 1);
    expect([asks('never', refused), asks('sense', TUR), asks('always', TUR, false)]).toEqual([
      false,
      false,
      false,
    ]);
    expect([asks('sense', refused), asks('always', TUR)]).toEqual([true, true]);
  });
});
