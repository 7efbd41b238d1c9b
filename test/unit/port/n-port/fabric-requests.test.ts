/** Fabric logins that wait for their replies, whatever carries them; over FIP they have tests of their own. */
import { describe, expect, it } from 'vitest';
import { logoAccept, lsRjt } from '../../../../src/codecs/els/index.ts';
import type { FcHeader, FcHeaderInput } from '../../../../src/codecs/fc/index.ts';
import { SECOND } from '../../../../src/machine/machine.ts';
import { FabricRequests } from '../../../../src/port/n-port/fabric-requests.ts';
import type { Lport } from '../../../../src/port/n-port/lport.ts';
import type { FabricLoginReply } from '../../../../src/port/n-port/n-port-link.ts';
import { Clock } from '../../../helpers/loop-back.ts';
import { fabricAccept } from '../../../helpers/n-port-link.ts';

const NEW = { nPortId: 0, linkAddress: '', options: { portName: 9n } } as Lport;
const OLD = { nPortId: 0x01_0001, linkAddress: 'x' } as Lport;

function make() {
  const clock = new Clock();
  const sent: { kind: string; header: FcHeaderInput; address: string }[] = [];
  const contradictions: string[] = [];
  const gone = new Set<Lport>();
  const requests = new FabricRequests<Lport>({
    after: clock.after,
    sendFabricRequest: (kind, header, _payload, address) => sent.push({ kind, header, address }),
    wants: (port) => !gone.has(port),
    mayHold: (_port, nPortId) => nPortId !== 0x01_0009,
    contradiction: (what) => contradictions.push(what),
  });
  const replies: FabricLoginReply[] = [];
  const send = (port: Lport, kind: 'flogi' | 'fdisc' | 'logo', oxId?: number) =>
    requests.send(port, kind, oxId, Uint8Array.of(1), SECOND, (reply) => replies.push(reply));
  const header = (oxId: number, dId: number) => ({ oxId, dId, sId: 0xff_fffe }) as FcHeader;
  return { clock, sent, contradictions, gone, requests, replies, send, header };
}

describe('requests with the F_Port', () => {
  it('are known by S_ID and OX_ID, what each asks for with them', () => {
    const { requests, send, sent, header } = make();
    send(NEW, 'flogi');
    send(NEW, 'fdisc');
    send(OLD, 'logo', 0x55);
    expect(
      sent.map(({ kind, header: { sId, oxId }, address }) => [kind, sId, oxId, address]),
    ).toEqual([
      ['flogi', 0, 1, ''],
      ['fdisc', 0, 2, ''],
      ['logo', 0x01_0001, 0x55, 'x'],
    ]);
    expect(requests.kindOf(header(1, 0x01_0004))).toBe('flogi');
    expect(requests.kindOf(header(2, 0x01_0004))).toBe('fdisc');
    expect(requests.kindOf(header(0x55, 0x01_0001))).toBe('logo');
    expect(requests.kindOf(header(0x55, 0x01_0002))).toBeUndefined();
  });

  it('end with what is answered: a grant, a refusal, a confirmation', () => {
    const { requests, replies, send, header } = make();
    send(NEW, 'flogi');
    send(NEW, 'fdisc');
    send(OLD, 'logo', 0x55);
    requests.handleReply('flogi', header(1, 0x01_0004), fabricAccept(), (id) => `to ${id}`);
    const refusal = lsRjt.encode({ reason: 3, explanation: 0x29 });
    requests.handleReply('fdisc', header(2, 0), refusal, () => '');
    requests.handleReply('logo', header(0x55, 0x01_0001), logoAccept.encode({}), () => '');
    expect(replies).toMatchObject([
      { result: 'granted', nPortId: 0x01_0004, linkAddress: `to ${0x01_0004}` },
      { result: 'reject', reason: 3, explanation: 0x29 },
      { result: 'accept' },
    ]);
    expect(requests.size).toBe(0);
  });

  it('pass over a reply to something else, and end when none comes or the fabric is gone', () => {
    const { clock, requests, replies, send, header } = make();
    send(NEW, 'flogi');
    requests.handleReply('fdisc', header(1, 0x01_0004), fabricAccept(), () => '');
    expect(requests.size).toBe(1);
    clock.run(SECOND);
    send(NEW, 'flogi');
    requests.close();
    expect(replies).toEqual([{ result: 'timeout' }, { result: 'closed' }]);
  });

  it('believe no grant of what is nobody’s to have, and give back what a port that is gone was granted', () => {
    const { contradictions, gone, requests, replies, send, sent, header } = make();
    send(NEW, 'flogi');
    requests.handleReply('flogi', header(1, 0x01_0009), fabricAccept(), () => '');
    expect(contradictions[0]).toMatch(/flogi was granted 010009/);
    send(NEW, 'fdisc');
    gone.add(NEW);
    requests.handleReply('fdisc', header(2, 0x01_0004), fabricAccept(), () => '');
    expect(replies.map(({ result }) => result)).toEqual(['reject', 'closed']);
    expect(sent.at(-1)).toMatchObject({ kind: 'logo', header: { sId: 0x01_0004 } });
  });
});
