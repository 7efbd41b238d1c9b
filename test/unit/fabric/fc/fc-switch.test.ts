/** A native switch: which frames it takes, where they go, and how it answers logins. */
import { describe, expect, it } from 'vitest';
import { ElsCommand, flogiAccept } from '../../../../src/codecs/els/index.ts';
import { encodeLinkFrame, fcHeader, locateFcOnLink } from '../../../../src/codecs/fc/index.ts';
import { CodecError } from '../../../../src/codecs/layout/index.ts';
import { FcSwitch } from '../../../../src/fabric/fc/fc-switch.ts';
import { frameHeader } from '../../../../src/port/n-port/frame-header.ts';
import { NativePair } from '../../../helpers/native-pair.ts';

const F_PORT = 0xff_fffe;
const room = (bytes: number) => new Uint8Array(bytes);

/** FCP data, which no switch looks into. */
const dataFrame = (sId: number, dId: number): Uint8Array =>
  encodeLinkFrame(frameHeader(8, 1, dId, sId, 0, 0, 7, 0xffff), Uint8Array.of(1, 2, 3), true, room);

function loggedIn(options: ConstructorParameters<typeof NativePair>[0] = {}) {
  const pair = new NativePair(options);
  const one = pair.port(0, 1n, true);
  const other = pair.port(1, 2n, true);
  pair.up(0);
  pair.up(1);
  const dropped = () =>
    Object.entries(pair.fabric.counters.dropped).filter(([, count]) => count > 0);
  const send = (port: number, frame: Uint8Array, given = false) => {
    pair.fabric.handleFrame(port, frame, given, pair.clock.now);
    const sent: { readonly port: number; readonly send: Uint8Array; readonly given: boolean }[] =
      [];
    for (let out = pair.fabric.poll(); out !== undefined; out = pair.fabric.poll())
      if ('send' in out) sent.push(out);
    return sent;
  };
  return { pair, one, other, dropped, send };
}

describe('a native switch', () => {
  it('answers FLOGI with the credit that its port gives, and names its fabric', () => {
    const { pair } = loggedIn({ bbCredit: 12, bbScN: 3 });
    const answer = pair.passed.find((one) => !one.in)!.frame;
    const at = locateFcOnLink(answer);
    if (at instanceof CodecError) throw at;
    const header = fcHeader.decode(answer, at.fcAt, at.payloadAt);
    expect([header.sId, header.dId >>> 16]).toEqual([F_PORT, 1]);
    const accept = flogiAccept.decode(answer.subarray(at.payloadAt, at.payloadEnd));
    expect(accept.nodeName).toBe(0x1000_0000_0000_00f1n);
    expect([accept.common.bbCredit, accept.common.bbScN]).toEqual([12, 3]);
  });

  it('passes a frame on as it came, given or lent as it was', () => {
    const { one, other, send, pair } = loggedIn();
    const frame = dataFrame(one.nPortId, other.nPortId);
    for (const given of [true, false]) {
      expect(send(0, frame, given)).toEqual([{ port: 1, send: frame, given }]);
    }
    expect(pair.fabric.counters.forwarded).toBe(2);
  });

  it('takes frames of a port only where it is logged in', () => {
    const { one, other, send, dropped } = loggedIn();
    expect(send(1, dataFrame(one.nPortId, other.nPortId))).toEqual([]);
    expect(send(0, dataFrame(0x01_0505, other.nPortId))).toEqual([]);
    expect(send(0, dataFrame(one.nPortId, 0x01_0505))).toEqual([]);
    expect(dropped()).toEqual([
      ['no-login', 2],
      ['unknown-d-id', 1],
    ]);
  });

  it('drops what is no frame, and what its sender wants discarded', () => {
    const { one, other, send, dropped } = loggedIn();
    const frame = dataFrame(one.nPortId, other.nPortId);
    send(0, frame.subarray(0, 30));
    const discard = frame.slice();
    discard.set([0xbc, 0x8a, 0xd5, 0xd5], frame.length - 4);
    send(0, discard);
    expect(dropped()).toEqual([
      ['malformed', 1],
      ['discard-eof', 1],
    ]);
  });

  it('keeps ports apart that are in no zone together, where zones are hard', () => {
    const zone = { name: 'own', members: [1n] };
    const { one, other, send, dropped } = loggedIn({
      zoning: { enforced: 'hard', zones: [zone], defaultZone: 'deny' },
    });
    expect(send(0, dataFrame(one.nPortId, other.nPortId))).toEqual([]);
    expect(dropped()).toEqual([['zoning', 1]]);
  });

  it('takes no frames of a port that is fenced, and has another answer for its name', () => {
    const { one, other, send, pair, dropped } = loggedIn();
    expect(pair.fabric.handleCommand({ command: 'fence', wwpn: 1n }, 1)).toEqual({
      ok: true,
      command: 'fence',
    });
    expect(send(0, dataFrame(one.nPortId, other.nPortId))).toEqual([]);
    expect(dropped()).toEqual([['no-login', 1]]);
    expect(send(1, dataFrame(other.nPortId, one.nPortId))).toHaveLength(1);
  });

  it('believes no login whose CRC is wrong or whose bytes are too few', () => {
    const { send, dropped } = loggedIn();
    const header = () => frameHeader(1, 0x22, F_PORT, 0, 0x29_0000, 0, 9, 0xffff);
    const short = encodeLinkFrame(header(), Uint8Array.of(ElsCommand.FLOGI, 0, 0, 0), true, room);
    send(0, short);
    const wrong = short.slice();
    wrong[30]! ^= 1;
    send(0, wrong);
    expect(dropped()).toEqual([
      ['malformed', 1],
      ['bad-crc', 1],
    ]);
  });

  it('refuses a second login of a name by the rule for those, and a port without its base', () => {
    const pair = new NativePair({ duplicateDisablesPort: false });
    pair.port(0, 1n, true);
    const again = pair.port(1, 1n, true);
    pair.up(0);
    pair.up(1);
    expect(again.state).toBe('flogi');
    expect(pair.fabric.logins()).toHaveLength(1);
    expect(pair.events.filter(({ type }) => type === 'login-rejected')).not.toEqual([]);
  });

  it('refuses options that make no sense', () => {
    const names = { name: 's', fabricName: 1n, switchName: 2n, domain: 1, ports: 1 };
    expect(() => new FcSwitch({ ...names, domain: 0 })).toThrow(/domain/);
    expect(() => new FcSwitch({ ...names, bbCredit: 70_000 })).toThrow(/bbCredit/);
    expect(() => new FcSwitch({ ...names, bbScN: 16 })).toThrow(/bbScN/);
    expect(() => new FcSwitch(names).handleFrame(1, new Uint8Array(60), false, 0)).toThrow(
      /port 1/,
    );
  });
});
