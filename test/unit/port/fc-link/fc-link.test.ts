/** N_Ports on native links, beside a real switch: who logs in when, and which frames are believed. */
import { describe, expect, it } from 'vitest';
import { ElsCommand, flogi, logo } from '../../../../src/codecs/els/index.ts';
import { encodeLinkFrame, locateFcOnLink } from '../../../../src/codecs/fc/index.ts';
import { CodecError } from '../../../../src/codecs/layout/index.ts';
import { SECOND } from '../../../../src/machine/machine.ts';
import { FcLink } from '../../../../src/port/fc-link/fc-link.ts';
import { frameHeader } from '../../../../src/port/n-port/frame-header.ts';
import { NativePair } from '../../../helpers/native-pair.ts';

const F_PORT = 0xff_fffe;

function payloadOf(frame: Uint8Array): Uint8Array {
  const at = locateFcOnLink(frame);
  if (at instanceof CodecError) throw at;
  return frame.subarray(at.payloadAt, at.payloadEnd);
}

/** A LOGO of the F_Port. */
function fPortLogo(nPortId: number, portName: bigint): Uint8Array {
  const header = frameHeader(1, 0x22, nPortId, F_PORT, 0x29_0000, 0, 5, 0xffff);
  return encodeLinkFrame(
    header,
    logo.encode({ nPortId, portName }),
    true,
    (n) => new Uint8Array(n),
  );
}

describe('an adapter on a native link', () => {
  it('logs in by FLOGI when its link comes up, and is silent before', () => {
    const pair = new NativePair({ bbCredit: 12 }, { bbScN: 4 });
    const lport = pair.port(0, 1n, true);
    expect([pair.passed, lport.state]).toEqual([[], 'disabled']);
    pair.up();
    expect(lport.state).toBe('ready');
    const request = payloadOf(pair.passed[0]!.frame);
    expect(request[0]).toBe(ElsCommand.FLOGI);
    const { bbCredit, bbScN } = flogi.decode(request).common;
    expect([bbCredit, bbScN]).toEqual([7, 4]);
    expect(pair.links[0]!.fabricName).toBe(0x1000_0000_0000_00f1n);
    expect(pair.fabric.logins()).toMatchObject([{ wwpn: 1n, by: 'FLOGI', port: 0, mac: '' }]);
    expect(pair.contradictions).toEqual([]);
  });

  it('has its NPIV ports log in by FDISC, once its own has', () => {
    const pair = new NativePair();
    const npiv = pair.port(0, 2n, false);
    pair.up();
    expect(npiv.state).toBe('disabled');
    const own = pair.port(0, 1n, true);
    expect([own.state, npiv.state]).toEqual(['ready', 'ready']);
    expect(pair.fabric.logins().map(({ by }) => by)).toEqual(['FLOGI', 'FDISC']);
    expect(pair.links[0]!.kept()).toMatchObject({ logins: 0 });
  });

  it('gives every login up with the link, and logs in anew with it', () => {
    const pair = new NativePair();
    const own = pair.port(0, 1n, true);
    const npiv = pair.port(0, 2n, false);
    pair.up();
    pair.links[0]!.linkDown();
    expect([own.nPortId, npiv.nPortId, pair.links[0]!.fabricName]).toEqual([0, 0, 0n]);
    pair.fabric.handleLink(0, false, 1);
    pair.settle();
    expect(pair.fabric.logins()).toEqual([]);
    pair.fabric.handleLink(0, true, 2);
    pair.up();
    expect([own.state, npiv.state]).toEqual(['ready', 'ready']);
  });

  it('asks again when no answer comes', () => {
    const pair = new NativePair();
    pair.passes = false;
    const own = pair.port(0, 1n, true);
    pair.up();
    expect(own.state).toBe('flogi');
    pair.passes = true;
    pair.clock.run(2 * SECOND);
    pair.settle();
    expect(own.state).toBe('ready');
  });

  it('leaves by LOGO, which the switch confirms', () => {
    const pair = new NativePair();
    pair.port(0, 1n, true);
    const npiv = pair.port(0, 2n, false);
    pair.up();
    let gone = false;
    npiv.enterFabricLogo(() => {
      gone = true;
    });
    pair.settle();
    expect(gone).toBe(true);
    expect(pair.fabric.logins().map(({ wwpn }) => wwpn)).toEqual([1n]);
  });

  it('takes a LOGO of the F_Port for the end of a login: an NPIV port logs in anew, with the base all do', () => {
    const pair = new NativePair();
    const own = pair.port(0, 1n, true);
    const npiv = pair.port(0, 2n, false);
    pair.up();
    pair.states.length = 0;
    pair.fabric.clearVirtualLinks({ wwpn: 2n }, 1);
    pair.settle();
    expect(pair.states[0]).toBe('2 disabled: LOGO of the F_Port');
    expect([own.state, npiv.state]).toEqual(['ready', 'ready']);
    pair.states.length = 0;
    pair.fabric.clearVirtualLinks({ wwpn: 1n }, 2);
    pair.settle();
    expect(pair.states.slice(0, 2)).toEqual([
      '1 disabled: LOGO of the F_Port: the physical port',
      '2 disabled: LOGO of the F_Port: the physical port',
    ]);
    expect([own.state, npiv.state]).toEqual(['ready', 'ready']);
    expect(pair.fabric.logins()).toHaveLength(2);
  });

  it('believes no frame whose CRC is wrong, whose EOF says so, or that is none', () => {
    const pair = new NativePair();
    const own = pair.port(0, 1n, true);
    pair.up();
    const frame = fPortLogo(own.nPortId, 1n);
    const wrong = frame.slice();
    wrong[40]! ^= 1;
    pair.links[0]!.handleFrame(wrong);
    const invalid = frame.slice();
    invalid.set([0xbc, 0x8a, 0xd5, 0xd5], frame.length - 4);
    pair.links[0]!.handleFrame(invalid);
    pair.links[0]!.handleFrame(frame.subarray(0, 20));
    expect(own.state).toBe('ready');
    expect(pair.contradictions).toEqual([
      'frame with a wrong FC CRC dropped',
      'FC frame: header at byte 0: needs 36 bytes, 20 are there',
    ]);
    pair.links[0]!.handleFrame(frame);
    pair.settle();
    expect(pair.states).toContain('1 disabled: LOGO of the F_Port: the physical port');
  });

  it('passes over what is for nobody here, and everything while its link is down', () => {
    const pair = new NativePair();
    const own = pair.port(0, 1n, true);
    pair.up();
    pair.links[0]!.handleFrame(fPortLogo(own.nPortId + 1, 1n));
    expect(own.state).toBe('ready');
    const nPortId = own.nPortId;
    pair.links[0]!.linkDown();
    const sent = pair.passed.length;
    pair.links[0]!.handleFrame(fPortLogo(nPortId, 1n));
    expect([pair.passed.length, own.state]).toEqual([sent, 'disabled']);
  });

  it('has two ports speak with each other, under frames that are the same on both links', () => {
    const pair = new NativePair();
    const one = pair.port(0, 1n, true);
    const other = pair.port(1, 2n, true);
    pair.up(0);
    pair.up(1);
    const before = pair.passed.length;
    one.rport(other.nPortId)!.enterPlogi();
    pair.settle();
    const [sent, forwarded] = pair.passed.slice(before);
    expect([sent!.port, forwarded!.port]).toEqual([0, 1]);
    expect(forwarded!.frame).toEqual(sent!.frame);
    expect(other.rports.get(one.nPortId)?.portName).toBe(1n);
  });

  it('holds no more than 4096 ports', () => {
    const link = new FcLink(
      { port: 0, bbCredit: 1, bbScN: 0 },
      {
        now: 0,
        send() {},
        after: () => ({ cancel() {} }) as never,
        contradiction() {},
        dcbAgreed() {},
      },
    );
    const start = () =>
      link.startLport(
        link.createLport(
          {
            portName: 1n,
            nodeName: 1n,
            role: 'initiator',
            receiveBytes: 2112,
            physical: false,
            symbolicName: '',
            loginTriesMax: 1,
            discovers: false,
          },
          {},
        ),
      );
    for (let i = 0; i < 4096; i++) start();
    expect(start).toThrow(/more than 4096 ports/);
  });
});
