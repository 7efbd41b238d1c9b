/** What a target answers to REC, SRR, ABTS and FCP_CONF, by the bytes of FCP-4 and FC-LS-3. */
import { describe, expect, it } from 'vitest';
import type { FcHeader } from '../../../../src/codecs/fc/index.ts';
import { ExchangeRecovery } from '../../../../src/port/fcp/exchange-recovery.ts';
import { RetainedExchanges } from '../../../../src/port/fcp/retained-exchanges.ts';
import { TargetExchange } from '../../../../src/port/fcp/target-exchange.ts';
import { TargetSender } from '../../../../src/port/fcp/target-sender.ts';
import type { Lport } from '../../../../src/port/n-port/lport.ts';
import type { Rport } from '../../../../src/port/n-port/rport.ts';
import { hex, toHex } from '../../../helpers/scsi-target.ts';

const RPORT = { portId: 0x010200, receiveBytes: 2112, retry: true, firstBurst: false } as Rport;
const RX_ID = 0x8123;
const NONE = 0xffff;
const ACCEPTED = '02000000';
/** LS_RJT, logical error, invalid OX_ID-RX_ID combination. */
const UNKNOWN = '0100000000031700';

const OWNER = { taskEnabled() {}, taskAnswered() {}, taskCleared() {} };
const NEXUS = {} as TargetExchange['nexus'];

function exchange(changes: Partial<TargetExchange> = {}): TargetExchange {
  const { oxId = 1 } = changes;
  const one = new TargetExchange(OWNER, RPORT, NEXUS, { oxId, rxId: RX_ID }, 4096);
  return Object.assign(one, changes);
}

const answer = (dataIn?: Uint8Array, unconfirmed = false) => ({
  rsp: hex('00'.repeat(24)),
  dataIn,
  unconfirmed,
  at: 0,
});

function rig(open: TargetExchange | undefined, answered?: TargetExchange) {
  /** R_CTL and payload of every frame sent; for data, its offset and length. */
  const sent: string[] = [];
  const said: string[] = [];
  const send = (rCtl: number, offset: number, payload: Uint8Array) => {
    const text = rCtl.toString(16).padStart(2, '0');
    sent.push(text === '01' ? `01 ${offset}+${payload.length}` : `${text} ${toHex(payload)}`);
  };
  const lport = {
    nPortId: 0x010100,
    transmit: (header: FcHeader, payload: Uint8Array) =>
      send(header.rCtl, header.parameter, payload),
    reply: (_request: FcHeader, rCtl: number, _type: number, payload: Uint8Array) =>
      send(rCtl, 0, payload),
  } as unknown as Lport;
  const recovery = new ExchangeRecovery({
    sender: new TargetSender(() => lport),
    findOpen: () => open,
    findAnswered: () => answered,
    abort: () => said.push('abort'),
    forget: () => said.push('forget'),
    expectData: () => said.push('expect data'),
    now: 0,
  });
  const srr = (rCtl: string, offset: number, rxId = RX_ID): void => {
    const payload = `14000000 0001 ${rxId.toString(16)} ${offset.toString(16).padStart(8, '0')} ${rCtl} 000000`;
    recovery.retransmit(RPORT, {} as FcHeader, hex(payload));
  };
  return { recovery, sent, said, srr };
}

describe('REC', () => {
  it('tells who may send: the initiator while it owes data, then the target, then nobody', () => {
    const writing = { dataOut: new Uint8Array(4096), write: true };
    const state = (one: TargetExchange) =>
      rig(one.answer ? undefined : one, one.answer && one).recovery.state(RPORT, {
        oxId: 1,
        rxId: RX_ID,
      });
    // Bits of the exchange status block (Linux fc_fs.h, ESB_ST_…): responder, initiative, complete.
    const waiting = state(exchange({ ...writing, received: 2048 }));
    expect(waiting).toEqual({ rxId: RX_ID, bytes: 2048, status: 0x8000_0000 });
    expect(state(exchange({ ...writing, received: 4096 }))?.status).toBe(0xc000_0000);
    expect(state(exchange())?.status).toBe(0xc000_0000);
    const read = exchange({ answer: answer(new Uint8Array(4096)) });
    expect(state(read)).toEqual({ rxId: RX_ID, bytes: 4096, status: 0xa000_0000 });
    expect(state(exchange({ answer: answer(undefined, true) }))?.status).toBe(0x8000_0000);
  });

  it('without RX_ID does not take an answered exchange for a later one that was lost', () => {
    const { recovery } = rig(undefined, exchange({ answer: answer() }));
    expect(recovery.state(RPORT, { oxId: 1, rxId: NONE })).toBeUndefined();
    expect(recovery.state(RPORT, { oxId: 1, rxId: RX_ID + 1 })).toBeUndefined();
  });

  it('without RX_ID finds one that is open', () => {
    expect(rig(exchange()).recovery.state(RPORT, { oxId: 1, rxId: NONE })?.rxId).toBe(RX_ID);
  });
});

describe('SRR', () => {
  it('for XFER_RDY asks for the data from the offset on', () => {
    const open = exchange({ dataOut: new Uint8Array(8192), write: true, received: 4096 });
    const { sent, said, srr } = rig(open);
    srr('05', 2048);
    expect(sent).toEqual([`33 ${ACCEPTED}`, '05 000008000000180000000000']);
    expect(said).toEqual(['expect data']);
  });

  it('for data sends it from the offset on, and the response', () => {
    const { sent, srr } = rig(undefined, exchange({ answer: answer(new Uint8Array(4096)) }));
    srr('01', 1024);
    expect(sent).toEqual([
      `33 ${ACCEPTED}`,
      '01 1024+2112',
      '01 3136+960',
      `07 ${'00'.repeat(24)}`,
    ]);
  });

  it('for the response sends only that', () => {
    const { sent, srr } = rig(undefined, exchange({ answer: answer(new Uint8Array(4096)) }));
    srr('07', 4096);
    expect(sent).toEqual([`33 ${ACCEPTED}`, `07 ${'00'.repeat(24)}`]);
  });

  it.each([
    ['of an unknown exchange', undefined, undefined, '07', UNKNOWN],
    ['where RETRY was not agreed', undefined, { retry: false, answer: answer() }, '07', UNKNOWN],
    // Unable to supply the requested data.
    ['for data that is no longer kept', undefined, { answer: answer() }, '01', '0100000000092a00'],
    ['for data that is still to come', {}, undefined, '01', '0100000000050000'],
    ['for XFER_RDY of a read', {}, undefined, '05', '0100000000092a00'],
  ])('%s is rejected', (_what, open, answered, rCtl, payload) => {
    const { sent, srr } = rig(open && exchange(open), answered && exchange(answered));
    srr(rCtl, 0);
    expect(sent).toEqual([`33 ${payload}`]);
  });
});

describe('ABTS', () => {
  const header = { oxId: 1, parameter: 0 } as FcHeader;

  it('ends an open exchange', () => {
    const { recovery, sent, said } = rig(exchange());
    recovery.abts(RPORT, header);
    expect(said).toEqual(['abort']);
    // BA_ACC: SEQ_ID invalid, OX_ID, RX_ID.
    expect(sent[0]?.slice(0, 19)).toBe('84 0000000000018123');
  });

  it('of one that is answered is accepted, of an unknown one rejected', () => {
    const answered = rig(undefined, exchange({ answer: answer() }));
    answered.recovery.abts(RPORT, header);
    expect(answered.said).toEqual(['forget']);
    const unknown = rig(undefined);
    unknown.recovery.abts(RPORT, header);
    // BA_RJT: logical error, invalid OX_ID-RX_ID combination.
    expect(unknown.sent).toEqual(['85 00030300']);
  });

  it('for a sequence only leaves the exchange alone', () => {
    const { recovery, said, sent } = rig(exchange());
    recovery.abts(RPORT, { ...header, parameter: 1 });
    expect(said).toEqual([]);
    expect(sent[0]?.slice(0, 2)).toBe('84');
  });
});

describe('FCP_CONF', () => {
  it('ends what was kept for it, and nothing else', () => {
    const waiting = rig(undefined, exchange({ answer: answer(undefined, true) }));
    waiting.recovery.confirmed(RPORT, 1);
    expect(waiting.said).toEqual(['forget']);
    const other = rig(undefined, exchange({ answer: answer() }));
    other.recovery.confirmed(RPORT, 1);
    expect(other.said).toEqual([]);
  });
});

describe('Answered exchanges', () => {
  const kept = (oxId: number, bytes: number, at = 0) =>
    exchange({ oxId, answer: { ...answer(new Uint8Array(bytes)), at } });

  it('are kept up to a number, the oldest go first', () => {
    const retained = new RetainedExchanges();
    for (let oxId = 0; oxId <= 4096; oxId++) retained.add(kept(oxId, 0));
    expect(retained.find(RPORT, 0, 0)).toBeUndefined();
    expect(retained.find(RPORT, 1, 0)?.oxId).toBe(1);
    expect(retained.find(RPORT, 4096, 0)?.oxId).toBe(4096);
  });

  it('are kept up to 8 MiB of read data', () => {
    const retained = new RetainedExchanges();
    const MiB = 1024 * 1024;
    for (let oxId = 0; oxId < 9; oxId++) retained.add(kept(oxId, MiB));
    expect(retained.find(RPORT, 0, 0)).toBeUndefined();
    const one = retained.find(RPORT, 1, 0)!;
    expect(one.oxId).toBe(1);
    retained.forget(one);
    retained.add(kept(10, MiB));
    expect(retained.find(RPORT, 2, 0)).toBeDefined();
  });

  it('are known of their own initiator alone', () => {
    const retained = new RetainedExchanges();
    retained.add(kept(1, 0));
    expect(retained.find({ ...RPORT } as Rport, 1, 0)).toBeUndefined();
  });

  it('are forgotten when they are too old', () => {
    const retained = new RetainedExchanges();
    retained.add(kept(1, 0, 100));
    expect(retained.find(RPORT, 1, 100)).toBeDefined();
    expect(retained.find(RPORT, 1, 101)).toBeUndefined();
  });

  it('give way to a later one with the same OX_ID, also when that is forgotten', () => {
    const retained = new RetainedExchanges();
    const later = kept(1, 0, 5);
    retained.add(kept(1, 0));
    retained.add(later);
    expect(retained.find(RPORT, 1, 0)).toBe(later);
    retained.forget(later);
    expect(retained.find(RPORT, 1, 0)).toBeUndefined();
  });

  it('of a login that ended are forgotten', () => {
    const retained = new RetainedExchanges();
    retained.add(kept(1, 0));
    retained.forgetNexus(NEXUS);
    expect(retained.find(RPORT, 1, 0)).toBeUndefined();
  });
});
