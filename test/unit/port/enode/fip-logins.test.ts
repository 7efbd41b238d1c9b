/** Fabric logins inside FIP that wait for their replies. */
import { describe, expect, it } from 'vitest';
import { logoAccept, lsRjt } from '../../../../src/codecs/els/index.ts';
import { type FipMessage, fipElsOf, fipEncapsulate } from '../../../../src/codecs/fip/index.ts';
import { SECOND } from '../../../../src/machine/machine.ts';
import { type FcfEntry, FcfList } from '../../../../src/port/enode/fcf-list.ts';
import { type FipLoginOwner, FipLogins } from '../../../../src/port/enode/fip-logins.ts';
import type { VnPort } from '../../../../src/port/enode/vn-port.ts';
import type { FabricLoginReply } from '../../../../src/port/n-port/n-port-link.ts';
import { advertisement, ENODE_MAC, FakeFipPort, FCF_MAC, fip } from '../../../helpers/fip-port.ts';
import { fabricAccept } from '../../../helpers/n-port-link.ts';

const FLOGI = new Uint8Array(116).fill(0, 1).fill(4, 0, 1);
const LOGO = Uint8Array.of(5, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 9);
const NEW: VnPort = { nPortId: 0, linkAddress: '' } as VnPort;
const GONE: VnPort = { nPortId: 0, linkAddress: '', options: { portName: 9n } } as VnPort;
const OLD: VnPort = { nPortId: 0x01_0001, linkAddress: '0e:fc:00:01:00:01' } as VnPort;

function make() {
  const port = new FakeFipPort();
  let fcf: FcfEntry | undefined = new FcfList().note(advertisement({ fcMap: 0x0e_fc00 }), 0);
  const contradictions: string[] = [];
  const owner: FipLoginOwner = {
    mac: ENODE_MAC,
    get fcf() {
      return fcf;
    },
    vlan: 1002,
    after: port.clock.after,
    sendFip: (...args) => port.sendFip(...args),
    wants: (one) => one !== GONE,
    mayHold: (_port, nPortId) => nPortId !== 0,
    contradiction: (what) => contradictions.push(what),
  };
  const logins = new FipLogins(owner);
  const replies: FabricLoginReply[] = [];
  const send = (kind: 'flogi' | 'fdisc' | 'logo' = 'flogi', from = NEW, oxId?: number) =>
    logins.send(from, kind, oxId, kind === 'logo' ? LOGO : FLOGI, 2 * SECOND, (reply) =>
      replies.push(reply),
    );
  const sentEls = (at = 0) => fipElsOf(asMessage(port.sent[at]!.message))!;
  const lose = () => {
    fcf = undefined;
  };
  return { port, logins, replies, send, sentEls, lose, contradictions };
}

const asMessage = ({ operation, subcode, flags, descriptors }: FakeFipPort['sent'][0]['message']) =>
  fip(operation, subcode, flags, descriptors);

/** What an FCF answers. */
function reply(
  kind: 'flogi' | 'fdisc' | 'logo',
  oxId: number,
  payload: Uint8Array,
  { dId = 0x01_0001, mac = undefined as string | undefined } = {},
): FipMessage {
  const header = { rCtl: 0x23, dId, sId: 0xff_fffe, type: 1, fCtl: 0x99_0000, oxId };
  const els = fipEncapsulate(kind, header, payload);
  return fip(2, 2, 0x8000, mac === undefined ? [els] : [els, { kind: 'mac', mac }]);
}

describe('a request', () => {
  it('give back what was granted to a port that is gone by then', () => {
    const { logins, port, replies, send, sentEls } = make();
    send('fdisc', GONE);
    logins.handleReply(reply('fdisc', sentEls().header.oxId, fabricAccept()), FCF_MAC);
    expect(replies).toEqual([{ result: 'closed' }]);
    expect(port.sent).toHaveLength(2);
    const back = sentEls(1);
    expect([back.kind, back.header.sId]).toEqual(['logo', 0x01_0001]);
    expect([...(back as { payload: Uint8Array }).payload]).toEqual([
      5, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 9,
    ]);
    expect(logins.size).toBe(0);
  });

  it('goes to the FCF in its VLAN, with the address that the port has, or none', () => {
    const { port, send, sentEls } = make();
    send('flogi', NEW);
    send('logo', OLD, 0x55);
    expect(port.sent.map(({ destination, source, vlan }) => [destination, source, vlan])).toEqual([
      [FCF_MAC, ENODE_MAC, 1002],
      [FCF_MAC, ENODE_MAC, 1002],
    ]);
    const macs = port.sent.map(({ message }) => message.descriptors[1]);
    expect(macs).toEqual([
      { kind: 'mac', mac: '00:00:00:00:00:00' },
      { kind: 'mac', mac: OLD.linkAddress },
    ]);
    expect(sentEls(0).header).toMatchObject({ rCtl: 0x22, dId: 0xff_fffe, sId: 0, oxId: 1 });
    expect(sentEls(1).header).toMatchObject({ sId: 0x01_0001, oxId: 0x55 });
  });

  it('without an FCF is closed at once', () => {
    const { port, replies, send, lose } = make();
    lose();
    send();
    expect([replies, port.sent]).toEqual([[{ result: 'closed' }], []]);
  });

  it('without an answer times out; the answer that comes late meets nobody', () => {
    const { port, logins, replies, send } = make();
    send();
    port.clock.run(2 * SECOND - 1);
    expect(replies).toEqual([]);
    port.clock.run(1);
    logins.handleReply(reply('flogi', 1, fabricAccept()), FCF_MAC);
    expect(replies).toEqual([{ result: 'timeout' }]);
  });

  it('is closed with the FCF, once', () => {
    const { port, logins, replies, send } = make();
    send();
    logins.close();
    logins.close();
    port.clock.run(10 * SECOND);
    expect(replies).toEqual([{ result: 'closed' }]);
  });

  it('has an OX_ID of one row for all ports, 1 to FFFEh', () => {
    const { port, logins, send } = make();
    const oxIds = () => port.take().map(({ message }) => fipElsOf(asMessage(message))!.header.oxId);
    send('flogi');
    send('fdisc');
    expect(oxIds()).toEqual([1, 2]);
    for (let i = 3; i < 0xfffe; i++) {
      send();
      logins.close();
    }
    port.take();
    send();
    send();
    expect(oxIds()).toEqual([0xfffe, 1]);
  });
});

describe('a reply', () => {
  it('grants the address beside the ELS, or, without one, that of the FC-MAP', () => {
    for (const [mac, linkAddress] of [
      ['0e:fc:00:01:00:09', '0e:fc:00:01:00:09'],
      [undefined, '0e:fc:00:01:00:01'],
    ]) {
      const { logins, replies, send } = make();
      send();
      const accept = fabricAccept();
      logins.handleReply(reply('flogi', 1, accept, { mac }), FCF_MAC);
      expect(replies).toMatchObject([{ result: 'granted', nPortId: 0x01_0001, linkAddress }]);
    }
  });

  it('refuses with reason and explanation', () => {
    const { logins, replies, send } = make();
    send();
    const payload = lsRjt.encode({ reason: 9, explanation: 0x29 });
    logins.handleReply(reply('flogi', 1, payload, { dId: 0 }), FCF_MAC);
    expect(replies).toEqual([{ result: 'reject', reason: 9, explanation: 0x29 }]);
  });

  it('to a LOGO belongs to its port', () => {
    const { logins, replies, send } = make();
    send('logo', OLD, 0x55);
    logins.handleReply(reply('logo', 0x55, logoAccept.encode({}), { dId: 0x01_0002 }), FCF_MAC);
    expect(replies).toEqual([]);
    logins.handleReply(reply('logo', 0x55, logoAccept.encode({})), FCF_MAC);
    expect(replies).toMatchObject([{ result: 'accept' }]);
  });

  it('of another FCF, to another OX_ID or of another kind answers nothing', () => {
    const { logins, replies, send } = make();
    send('flogi');
    logins.handleReply(reply('flogi', 1, fabricAccept()), '02:fc:f0:00:00:02');
    logins.handleReply(reply('flogi', 2, fabricAccept()), FCF_MAC);
    logins.handleReply(reply('fdisc', 1, fabricAccept()), FCF_MAC);
    expect(replies).toEqual([]);
    logins.handleReply(reply('flogi', 1, fabricAccept()), FCF_MAC);
    logins.handleReply(reply('flogi', 1, fabricAccept()), FCF_MAC);
    expect(replies).toHaveLength(1);
  });
});
