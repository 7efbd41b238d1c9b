/** What sense data asks an initiator to do, by its bytes. */
import { describe, expect, it } from 'vitest';
import { BUSY_PAUSE_NS, judgeSense } from '../../../../src/scsi/initiator/sense-action.ts';
import { hex } from '../../../helpers/scsi-target.ts';

const fixed = (key: string, asc: string, ascq = '00') =>
  hex(`7000${key.padStart(2, '0')}00000000 0a 00000000 ${asc}${ascq} 00000000`);

describe('sense data', () => {
  it.each([
    [
      'a unit attention is sent again at once',
      '6',
      '2a',
      true,
      0,
      'UNIT ATTENTION, PARAMETERS CHANGED',
    ],
    ['an aborted command too', 'b', '4b', true, 0, 'ABORTED COMMAND, DATA PHASE ERROR'],
    [
      'what is not ready is sent again after a pause',
      '2',
      '04',
      true,
      BUSY_PAUSE_NS,
      'NOT READY, LOGICAL UNIT NOT READY, CAUSE NOT REPORTABLE',
    ],
    ['an illegal request is not', '5', '24', false, 0, 'ILLEGAL REQUEST, INVALID FIELD IN CDB'],
    ['nor is a medium error', '3', '11', false, 0, 'MEDIUM ERROR, UNRECOVERED READ ERROR'],
    ['nor what is write protected', '7', '27', false, 0, 'DATA PROTECT, WRITE PROTECTED'],
  ])('%s', (_words, key, asc, retry, pauseNs, names) => {
    expect(judgeSense(fixed(key, asc))).toEqual({
      retry,
      pauseNs,
      powerOn: false,
      access: undefined,
      outdated: undefined,
      noSpace: false,
      words: `sense ${key}/${asc}/00 (${names})`,
    });
  });

  it('tells power on from other unit attentions', () => {
    const powerOn = (asc: string, ascq: string) => judgeSense(fixed('6', asc, ascq)).powerOn;
    expect([
      powerOn('29', '00'),
      powerOn('29', '01'),
      powerOn('29', '07'),
      powerOn('2a', '01'),
    ]).toEqual([true, true, false, false]);
  });

  it('of a thin unit without space is told apart from other write protections', () => {
    const noSpace = (ascq: string) => judgeSense(fixed('7', '27', ascq));
    expect(noSpace('07')).toMatchObject({ noSpace: true, retry: false });
    expect(noSpace('02').noSpace).toBe(false);
  });

  it('in descriptor format says the same', () => {
    expect(judgeSense(hex('72062900 00000000'))).toMatchObject({ retry: true, powerOn: true });
  });

  it('of a miscompare has its word', () => {
    expect(judgeSense(fixed('e', '1d'))).toMatchObject({ retry: false, words: 'miscompare' });
  });

  it('that is missing, or of no known format, is a failure', () => {
    for (const data of [hex(''), hex('7f')]) {
      expect(judgeSense(data)).toMatchObject({
        retry: false,
        words: 'CHECK CONDITION without sense data',
      });
    }
  });

  it.each([
    ['0a', 0xf],
    ['0b', 0x2],
    ['0c', 0x3],
    ['12', 0xe],
  ])(
    '04/%s tells the access state of the port, and is for another path at once',
    (ascq, access) => {
      expect(judgeSense(fixed('2', '04', ascq))).toMatchObject({ retry: true, pauseNs: 0, access });
    },
  );

  it.each([
    ['2a', '06', 'access-states'],
    ['2a', '07', 'access-states'],
    ['29', '00', 'access-states'],
    ['3f', '0e', 'logical-units'],
    ['2a', '09', undefined],
    ['28', '00', undefined],
  ])('unit attention %s/%s makes %s outdated', (asc, ascq, outdated) => {
    expect(judgeSense(fixed('6', asc, ascq))).toMatchObject({ retry: true, outdated });
  });

  it('of a LUN that leads nowhere fails the path, not the I/O', () => {
    expect(judgeSense(fixed('5', '25'))).toMatchObject({ retry: true, outdated: 'logical-units' });
  });

  it('that is cut short is a failure', () => {
    expect(judgeSense(hex('7000'))).toMatchObject({ retry: false });
  });
});
