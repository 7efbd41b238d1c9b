/** One session: what each end offers, messages cut anywhere, and how it ends. */
import { expect, it } from 'vitest';
import {
  type BgpMessage,
  type BgpMessageInput,
  bgpMessage,
  NotificationCode,
  OpenError,
} from '../../../../src/codecs/bgp/index.ts';
import { BgpSession } from '../../../../src/fabric/lan/bgp-session.ts';
import { SECOND } from '../../../../src/machine/machine.ts';
import type { Conn } from '../../../../src/machine/stream-machine.ts';
import { Timers } from '../../../../src/machine/timers.ts';

const AS = 65_000;
const open = (holdTimeSeconds = 90, as = AS): BgpMessageInput => ({
  kind: 'OPEN',
  myAs: as,
  holdTimeSeconds,
  bgpIdentifier: Uint8Array.of(10, 0, 0, 2),
  parameters: [],
});

function sessionOf() {
  const sent: BgpMessage[] = [];
  const told: string[] = [];
  const timers = new Timers();
  let now = 0;
  const session = new BgpSession(1 as Conn, undefined, {
    ...{ as: AS, identifier: '10.0.0.9' },
    after: (delayNs, run) => timers.set(now + delayNs, run),
    send: (_, bytes) => void sent.push(bgpMessage.decode(bytes)),
    close: () => void told.push('close'),
    established: ({ peer }) => void told.push(`established with ${peer}`),
    update: (_, { attributes }) => void told.push(`update of ${attributes.length}`),
    refresh: () => void told.push('refresh'),
    closed: (_, reason) => void told.push(reason),
  });
  session.start();
  const hear = (...messages: BgpMessageInput[]): void => {
    for (const one of messages) session.handleBytes(bgpMessage.encode(one));
  };
  const pass = (ns: number): void => {
    now += ns;
    timers.run(now);
  };
  return { hear, pass, sent, session, told };
}

it('is established by an OPEN and a KEEPALIVE, however their bytes are cut', () => {
  const { sent, session, told } = sessionOf();
  const update: BgpMessageInput = { kind: 'UPDATE', attributes: [] };
  const bytes = [open(), { kind: 'KEEPALIVE' } as const, update].flatMap((one) => [
    ...bgpMessage.encode(one),
  ]);
  for (const byte of bytes) session.handleBytes(Uint8Array.of(byte));
  expect(told).toEqual(['established with 10.0.0.2', 'update of 0']);
  expect(sent.map(({ kind }) => kind)).toEqual(['OPEN', 'KEEPALIVE']);
  expect(session.isEstablished).toBe(true);
});

it('refuses another AS, and a hold time that is too short', () => {
  for (const [message, errorSubcode] of [
    [open(90, 1), OpenError['Bad Peer AS']],
    [open(2), OpenError['Unacceptable Hold Time']],
  ] as const) {
    const { hear, sent, told } = sessionOf();
    hear(message);
    const errorCode = NotificationCode['OPEN Message Error'];
    expect(sent[1]).toMatchObject({ kind: 'NOTIFICATION', errorCode, errorSubcode });
    expect(told).toHaveLength(2);
  }
});

it('says that it is there three times in the shorter hold time, and does not wait longer for the peer', () => {
  const { hear, pass, sent, told } = sessionOf();
  hear(open(9), { kind: 'KEEPALIVE' });
  for (let i = 0; i < 2; i++) pass(3 * SECOND);
  expect(sent.map(({ kind }) => kind)).toEqual(['OPEN', ...Array(3).fill('KEEPALIVE')]);
  pass(3 * SECOND);
  expect(told.slice(1)).toEqual(['close', 'the peer is silent']);
  const { length } = sent;
  pass(9 * SECOND);
  expect(sent).toHaveLength(length);
});

it('ends once, whatever is left of the message that ended it', () => {
  const { hear, sent, session, told } = sessionOf();
  hear({ kind: 'UPDATE', attributes: [] });
  session.fail(NotificationCode.Cease, 0, 'again');
  expect(told).toEqual(['close', 'an UPDATE before the session']);
  expect(sent.filter(({ kind }) => kind === 'NOTIFICATION')).toHaveLength(1);
});
