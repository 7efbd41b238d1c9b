/** What an initiator does when nothing comes for a command and RETRY was agreed. Source: FCP-4, clause 12. */
import { describe, expect, it } from 'vitest';
import { FcpPair, SECOND } from '../../../helpers/fcp-pair.ts';
import { filled, hex, read10, TUR, write10 } from '../../../helpers/scsi-target.ts';

const GOOD = { end: 'answered', status: 0 };
/** REC_TOV: E_D_TOV of 2 s and 1 s more. */
const REC_TOV_NS = 3 * SECOND;

/** Loses the first frame that has this name in the log. */
function lose(pair: FcpPair, name: string): void {
  let left = 1;
  pair.passes = () => {
    if (left === 0 || pair.log.at(-1) !== name) return true;
    left--;
    return false;
  };
}

describe('a lost frame', () => {
  it('of the command itself: the target knows no such exchange, and ABTS ends it', () => {
    const pair = new FcpPair({ retry: true });
    lose(pair, '> CMND');
    const { ends } = pair.send(hex(TUR));
    pair.clock.run(REC_TOV_NS - SECOND);
    expect(pair.log).toEqual(['> CMND']);
    pair.clock.run(2 * SECOND);
    expect(pair.log).toEqual(['> CMND', '> ELS', '< ELS reply', '> ABTS', '< BA_RJT']);
    expect(ends).toEqual([{ end: 'aborted' }]);
  });

  it.each([
    ['response', '< RSP', hex(read10(0, 1)), { dataInBytes: 512 }],
    ['read data', '< DATA 0+512', hex(read10(0, 1)), { dataInBytes: 512 }],
    ['write data', '> DATA 0+512', hex(write10(0, 1)), { dataOut: filled(1, 1) }],
    ['XFER_RDY', '< XFER_RDY', hex(write10(0, 1)), { dataOut: filled(1, 1) }],
  ])('of the %s is sent again, and the command ends well, once', (_what, name, cdb, rest) => {
    const pair = new FcpPair({ retry: true });
    lose(pair, name);
    const { ends } = pair.send(cdb, rest);
    pair.clock.run(2 * REC_TOV_NS);
    expect(ends).toMatchObject([GOOD]);
    expect(pair.log.filter((one) => one === '> SRR')).toHaveLength(1);
    expect(pair.log.filter((one) => one === name)).toHaveLength(2);
    expect(pair.log).not.toContain('> ABTS');
  });

  it('without RETRY is nobody’s to ask for', () => {
    const pair = new FcpPair();
    lose(pair, '< RSP');
    const { ends } = pair.send(hex(TUR), { timeoutNs: 10 * SECOND });
    pair.clock.run(9 * SECOND);
    expect([ends, pair.log]).toEqual([[], ['> CMND', '< RSP']]);
  });
});

describe('a slow command', () => {
  it('is asked after each REC_TOV and waited for', () => {
    const pair = new FcpPair({ retry: true });
    pair.serviceTimeNs = 7 * SECOND;
    const { ends } = pair.send(hex(TUR));
    pair.clock.run(8 * SECOND);
    expect(ends).toMatchObject([GOOD]);
    expect(pair.log.filter((one) => one === '> ELS')).toHaveLength(2);
    expect(pair.log).not.toContain('> SRR');
  });

  it('whose RECs nobody answers is ended after three', () => {
    const pair = new FcpPair({ retry: true });
    pair.passes = ({ header }) => header.rCtl !== 0x22 && header.rCtl !== 0x07;
    const { ends } = pair.send(hex(TUR), { timeoutNs: 1000 * SECOND });
    pair.clock.run(100 * SECOND);
    expect(pair.log.filter((one) => one === '> ELS')).toHaveLength(3);
    expect(ends).toEqual([{ end: 'aborted' }]);
  });
});
