import { describe, expect, it } from 'vitest';
import { LoginWatch } from '../../../../src/audit/seen/login-watch.ts';
import { seeFrame } from '../../../../src/audit/seen/see-frame.ts';
import { ElsCommand, logo } from '../../../../src/codecs/els/index.ts';
import { encodeLinkFrame, FcType, fcHeader, RCtl } from '../../../../src/codecs/fc/index.ts';
import { FipControl, FipOperation, fipEncapsulate } from '../../../../src/codecs/fip/index.ts';
import { formatWwn } from '../../../../src/codecs/layout/index.ts';
import { ENODE_MAC, fip, SWITCH_MAC } from '../../../helpers/fc-frames.ts';
import { loginPayload } from '../../../helpers/fcf.ts';

const W1 = 0x2000_0025_b500_0001n;
const W2 = 0x2000_0025_b500_0002n;
const BASE = 0x01_0001;
const VIRTUAL = 0x01_0002;
const GRANTED = '0e:fc:00:01:00:02';

type Kind = 'flogi' | 'fdisc' | 'logo';

function request(kind: Kind, payload: Uint8Array, sId = 0, destination = SWITCH_MAC): Uint8Array {
  const header = { rCtl: RCtl['ELS Request'], type: FcType.ELS, fCtl: 0x29_0000, oxId: 1 };
  const els = fipEncapsulate(kind, { ...header, sId, dId: 0xff_fffe }, payload);
  const ends = { source: ENODE_MAC, destination };
  return fip({ operation: 2, subcode: 1, descriptors: [els] }, ends);
}

function accept(kind: Kind, nPortId: number, payload: Uint8Array, source = SWITCH_MAC): Uint8Array {
  const header = { rCtl: RCtl['ELS Reply'], type: FcType.ELS, fCtl: 0x99_0000, oxId: 1 };
  const body = payload.slice();
  body[0] = ElsCommand.LS_ACC;
  const els = fipEncapsulate(kind, { ...header, sId: 0xff_fffe, dId: nPortId }, body);
  const descriptors = [els, { kind: 'mac' as const, mac: GRANTED }];
  return fip({ operation: 2, subcode: 2, descriptors }, { source, destination: ENODE_MAC });
}

const logins = (
  kind: 'FLOGI' | 'FDISC',
  wwpn: bigint,
  nPortId: number,
  at = SWITCH_MAC,
): Uint8Array[] => {
  const payload = loginPayload(kind, wwpn, W1);
  const name = kind === 'FLOGI' ? 'flogi' : 'fdisc';
  return [request(name, payload, 0, at), accept(name, nPortId, payload, at)];
};

type Tapped = readonly [tap: string, bytes: Uint8Array];

/** What becomes known, frame by frame. */
function told(...frames: Uint8Array[]) {
  return toldOf(frames.map((bytes) => ['a', bytes]));
}

/** The same, each with its tap. */
function toldOf(frames: readonly Tapped[]) {
  const watch = new LoginWatch();
  return frames.flatMap(([tap, bytes], index) => {
    const tapped = {
      at: 0,
      number: index + 1,
      tap,
      fabric: '',
      direction: 'unknown',
      bytes,
    } as const;
    return watch.changes(seeFrame(tapped));
  });
}

describe('logins that a capture shows', () => {
  it('begin with the accept of FLOGI or FDISC', () => {
    expect(told(...logins('FDISC', W2, VIRTUAL))).toMatchObject([
      {
        frame: 2,
        wwnn: W1,
        mac: GRANTED,
        fabric: SWITCH_MAC,
        event: { type: 'login', by: 'FDISC', wwpn: W2, nPortId: VIRTUAL, enodeMac: ENODE_MAC },
      },
    ]);
    expect(told(request('flogi', loginPayload('FLOGI', W1, W1)))).toEqual([]);
  });

  it('end with the accept of LOGO, known before or not', () => {
    const payload = logo.encode({ nPortId: VIRTUAL, portName: W2 });
    const left = [request('logo', payload, VIRTUAL), accept('logo', VIRTUAL, new Uint8Array(4))];
    const end = { event: { type: 'logout', wwpn: W2, nPortId: VIRTUAL, reason: 'LOGO' } };
    expect(told(...logins('FDISC', W2, VIRTUAL), ...left).at(-1)).toMatchObject(end);
    expect(told(...left)).toMatchObject([end]);
  });

  it('end when the same address is given anew', () => {
    const changes = told(...logins('FLOGI', W1, BASE), ...logins('FLOGI', W1, BASE));
    expect(changes.map(({ event }) => event.type)).toEqual(['login', 'logout', 'login']);
    expect(changes[1]!.event).toMatchObject({ reason: 'relogin' });
  });

  it('end with a FLOGI from the same ENode at the same switch, all of them', () => {
    const both = [...logins('FLOGI', W1, BASE), ...logins('FDISC', W2, VIRTUAL)];
    const changes = told(...both, ...logins('FLOGI', W1, 0x01_0005));
    expect(changes.map(({ event }) => [event.type, event.nPortId])).toEqual([
      ['login', BASE],
      ['login', VIRTUAL],
      ['logout', BASE],
      ['logout', VIRTUAL],
      ['login', 0x01_0005],
    ]);
    expect(changes[2]!.event).toMatchObject({ reason: 'relogin' });
    // A FDISC more ends nothing.
    expect(told(...both, ...logins('FDISC', 3n, 0x01_0006)).map(({ event }) => event.type)).toEqual(
      [...['login', 'login', 'login']],
    );
  });

  it('end with a FLOGI of the same name at another switch of the fabric, and with no other', () => {
    const other = '0e:fc:fc:00:00:99';
    const advertised = (mac: string, fabricName: bigint) =>
      fip(
        {
          operation: FipOperation.Discovery,
          subcode: 2,
          descriptors: [
            { kind: 'mac', mac },
            { kind: 'fabric', vfId: 0, fcMap: 0x0e_fc00, fabricName },
          ],
        },
        { source: mac, destination: ENODE_MAC },
      );
    const ended = (wwpn: bigint, fabricName: bigint) =>
      told(
        advertised(SWITCH_MAC, 7n),
        advertised(other, fabricName),
        ...logins('FLOGI', W1, BASE),
        ...logins('FDISC', W2, VIRTUAL),
        ...logins('FLOGI', wwpn, 0x03_0001, other),
      ).flatMap(({ event }) => (event.type === 'logout' ? [event.nPortId] : []));
    expect(ended(W1, 7n)).toEqual([BASE, VIRTUAL]);
    expect(ended(W1, 8n)).toEqual([]);
    expect(ended(3n, 7n)).toEqual([]);
  });

  it('end all together when the base port or the whole ENode is cleared', () => {
    const clear = fip({
      operation: FipOperation['FIP Control'],
      subcode: FipControl['Clear Virtual Links'],
      descriptors: [{ kind: 'mac', mac: SWITCH_MAC }],
    });
    const both = [...logins('FLOGI', W1, BASE), ...logins('FDISC', W2, VIRTUAL)];
    const ends = told(...both, clear).filter(({ event }) => event.type === 'logout');
    expect(ends.map(({ event }) => event.nPortId)).toEqual([BASE, VIRTUAL]);
    expect(told(clear)).toEqual([]);
  });
});

describe('logins on native links', () => {
  const SERVER = 0xff_fffe;

  /** A request and its accept, as a tap of the link has them. */
  function asked(link: string, payload: Uint8Array, from: number, to = SERVER, granted = from) {
    const frameOf = (reply: boolean, sId: number, dId: number): Tapped => {
      const body = payload.slice();
      if (reply) body[0] = ElsCommand.LS_ACC;
      const header = fcHeader.decode(
        fcHeader.encode({
          rCtl: reply ? RCtl['ELS Reply'] : RCtl['ELS Request'],
          type: FcType.ELS,
          fCtl: reply ? 0x99_0000 : 0x29_0000,
          oxId: 1,
          sId,
          dId,
        }),
      );
      return [link, encodeLinkFrame(header, body, true, (bytes) => new Uint8Array(bytes))];
    };
    return [frameOf(false, from, to), frameOf(true, to, granted)];
  }
  const flogi = (link: string, wwpn: bigint, id: number) =>
    asked(link, loginPayload('FLOGI', wwpn, W1), 0, SERVER, id);
  const fdisc = (link: string, wwpn: bigint, id: number) =>
    asked(link, loginPayload('FDISC', wwpn, W1), 0, SERVER, id);
  const logout = (link: string, id: number, to?: number) =>
    asked(link, logo.encode({ nPortId: id, portName: W2 }), id, to);
  const brief = (frames: readonly Tapped[]) =>
    toldOf(frames).map(({ event, place }) => `${event.type} ${event.nPortId} ${place}`);

  it('begin with the accept of the login server, each at the place of its link', () => {
    const all = [...flogi('a', W1, BASE), ...fdisc('a', W2, VIRTUAL), ...flogi('b', 5n, 9)];
    expect(brief(all)).toEqual([`login ${BASE} a`, `login ${VIRTUAL} a`, 'login 9 b']);
    expect(toldOf(all)[0]).toMatchObject({
      enodeMac: '',
      mac: undefined,
      wwnn: W1,
      fabric: formatWwn(W1),
      event: { by: 'FLOGI', wwpn: W1 },
    });
  });

  it('end with a LOGO to the login server, not with one to a port, and with the next FLOGI of their link', () => {
    const before = [...flogi('a', W1, BASE), ...fdisc('a', W2, VIRTUAL), ...flogi('b', 5n, 9)];
    const next = (...more: Tapped[]) => brief([...before, ...more]).slice(3);
    expect(next(...logout('a', VIRTUAL))).toEqual([`logout ${VIRTUAL} a`]);
    expect(next(...logout('a', VIRTUAL, 9))).toEqual([]);
    expect(next(...flogi('a', W1, BASE))).toEqual([
      `logout ${BASE} a`,
      `logout ${VIRTUAL} a`,
      `login ${BASE} a`,
    ]);
  });
});
