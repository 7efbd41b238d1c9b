import { describe, expect, it } from 'vitest';
import { ctRequest } from '../../../../src/codecs/ct/index.ts';
import { formatHex, parseHex } from '../../../../src/codecs/layout/index.ts';
import { FabricRig } from '../../../helpers/f-port.ts';
import { Host, NAME_SERVER, Rig } from '../../../helpers/fcf.ts';

const H1 = '52:54:00:aa:00:01';
const W1 = 0x2000_5254_00aa_0001n;
const MANAGEMENT_SERVER = 0xff_fffa;

function make(options = {}) {
  const rig = new Rig(options);
  const host = new Host(rig, 0, H1);
  const id = host.flogi(W1).nPortId;
  const ask = (dId: number, payload: string) => {
    rig.take();
    host.els(id, dId, parseHex(payload));
    return rig.takeFc();
  };
  return { rig, host, id, ask };
}

describe('services at well-known addresses', () => {
  it('answer ABTS by BA_RJT: their exchanges are over', () => {
    const { rig, host, id } = make();
    rig.feed(
      0,
      host.frame(id, NAME_SERVER, new Uint8Array(0), { rCtl: 0x81, type: 0, oxId: 0x77 }),
    );
    const [reply] = rig.takeFc();
    expect(reply!.header).toMatchObject({ rCtl: 0x85, type: 0, oxId: 0x77 });
    expect(formatHex(reply!.payload)).toBe('00030300');
  });

  it('drop a bad CRC, and what is for no service', () => {
    const { rig, host, id } = make();
    const frame = host.frame(id, NAME_SERVER, parseHex('0e000000'), { rCtl: 0x22, type: 1 });
    frame[frame.length - 8]! ^= 1;
    rig.feed(0, frame);
    host.els(id, 0xff_fffb, parseHex('0e000000'));
    rig.feed(0, host.frame(id, NAME_SERVER, parseHex('0e000000')));
    expect(rig.take().filter((one) => one.kind === 'fc')).toEqual([]);
    expect(rig.dropped()).toEqual(['bad-crc', 'unknown-d-id', 'unsupported']);
  });

  it('reject CT requests to servers that are not there', () => {
    const { host, id } = make();
    host.plogi(id, MANAGEMENT_SERVER, W1);
    // FDMI RHBA: rejected as not supported, to the same GS_Type and subtype.
    const reply = host.ct(id, parseHex('01000000 fa100000 02000000 00000000'), MANAGEMENT_SERVER);
    expect(formatHex(reply)).toBe('01000000fa10000080010000000b0000');
  });

  it('answers at length in several frames of one sequence', () => {
    const rig = new Rig();
    const host = new Host(rig, 0, H1);
    const a = host.join('FLOGI', W1);
    host.plogi(a, NAME_SERVER, W1, 256);
    for (let i = 1; i < 40; i++) host.join('FDISC', W1 + BigInt(i));
    const reply = host.ct(a, { kind: 'GPN_FT', fc4Type: 8 });
    expect(reply.length).toBe(16 + 40 * 16);
    const frames = host.ctFrames;
    expect(frames.map(({ payload }) => payload.length)).toEqual([256, 256, 144]);
    expect(frames.map(({ sof, eof }) => [sof, eof])).toEqual([
      [0x2e, 0x41],
      [0x36, 0x41],
      [0x36, 0x42],
    ]);
    expect(frames.map(({ header }) => [header.seqCnt, header.fCtl])).toEqual([
      [0, 0x80_0000],
      [1, 0x80_0000],
      [2, 0x99_0000],
    ]);
    expect(new Set(frames.map(({ header }) => `${header.seqId} ${header.oxId}`)).size).toBe(1);
    expect([...reply].filter((byte, i) => i >= 16 && i % 16 === 0 && byte === 0x80)).toHaveLength(
      1,
    );
    // With room for 8 words: two entries, and what is missing in the residual field.
    const cut = ctRequest.encode({ kind: 'GPN_FT', fc4Type: 8 });
    cut[11] = 8;
    const part = host.ct(a, cut);
    expect(part.length).toBe(16 + 32);
    expect((part[10]! << 8) | part[11]!).toBe(40 * 4 - 8);
  });
});

describe('frames for services', () => {
  const logged = () => {
    const rig = new FabricRig();
    const login = rig.login('FLOGI', 1n);
    rig.plogi(login, NAME_SERVER);
    rig.events = [];
    return { rig, login };
  };
  const LIST = ctRequest.encode({ kind: 'GID_FT', fc4Type: 8 });

  it('are answered at four well-known addresses', () => {
    const { services } = logged().rig.fabric;
    const answering = Array.from({ length: 16 }, (_, i) => 0xff_fff0 + i).filter((one) =>
      services.answersAt(one),
    );
    expect(answering).toEqual([MANAGEMENT_SERVER, 0xff_fffc, 0xff_fffd, 0xff_fffe]);
  });

  it('without PLOGI are answered by LOGO from the service', () => {
    const rig = new FabricRig();
    const login = rig.login('FLOGI', 1n);
    const [frame, ...more] = rig.ct(login, LIST);
    expect(more).toEqual([]);
    expect(frame!.payload[0]).toBe(5);
    expect(frame!.header).toMatchObject({ sId: NAME_SERVER, dId: login.nPortId });
    expect(rig.eventsOf('protocol')).toHaveLength(1);
  });

  it('are dropped where they are no whole request', () => {
    const { rig, login } = logged();
    const sent = [
      rig.feed(login, NAME_SERVER, LIST, { rCtl: 2, type: 0x20, fCtl: 0x21_0000 }),
      rig.feed(login, NAME_SERVER, LIST, { rCtl: 2, type: 0x20, seqCnt: 1 }),
      rig.feed(login, NAME_SERVER, LIST, { rCtl: 2, type: 8 }),
      rig.feed(login, NAME_SERVER, new Uint8Array(0)),
      rig.ct(login, LIST.subarray(0, 15)),
    ];
    expect(sent.flat()).toEqual([]);
    expect(rig.eventsOf('dropped').map(({ reason }) => reason)).toEqual([
      'unsupported',
      'unsupported',
      'unsupported',
      'unsupported',
      'malformed',
    ]);
  });

  it.each([
    // Three ports are three words: room for as many words, or for any number.
    [0, 3, 0],
    [3, 3, 0],
    [2, 2, 1],
    [1, 1, 2],
  ])('room for %i words: %i come, %i are told as residual', (room, words, residual) => {
    const { rig, login } = logged();
    for (const wwpn of [1n, 2n, 3n]) {
      const one = wwpn === 1n ? login : rig.login('FDISC', wwpn);
      rig.plogi(one, NAME_SERVER);
      const fc4Types = new Uint8Array(32);
      fc4Types[2] = 1;
      rig.ct(one, { kind: 'RFT_ID', portId: one.nPortId, fc4Types });
    }
    const request = LIST.slice();
    request.set([room >>> 8, room & 0xff], 10);
    request.set([0xab, 0xcd, 0xef], 1);
    const [reply] = rig.ct(login, request);
    expect(reply!.payload).toHaveLength(16 + 4 * words);
    expect((reply!.payload[10]! << 8) | reply!.payload[11]!).toBe(residual);
    expect(formatHex(reply!.payload.subarray(0, 4))).toBe('01abcdef');
  });
});
