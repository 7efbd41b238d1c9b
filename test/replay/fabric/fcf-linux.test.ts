/**
 * The frames of real Linux initiators, as recorded, go into an FCF of ours. It must answer each
 * request as Linux needs it, and what it forwards must be what Linux received, byte for byte.
 *
 * The recordings' own fabric was another program; N_Port_IDs are set aside here as it gave them.
 */
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readFrames } from '../../../src/capture/index.ts';
import { ElsCommand } from '../../../src/codecs/els/index.ts';
import { fipDescriptorsOf, fipElsOf } from '../../../src/codecs/fip/index.ts';
import type { FcId, Mac, Wwn } from '../../../src/codecs/layout/index.ts';
import { formatHex } from '../../../src/codecs/layout/index.ts';
import type { FcfOptions } from '../../../src/fabric/fcoe/options.ts';
import { SECOND } from '../../../src/machine/machine.ts';
import {
  F_PORT_CONTROLLER,
  FCF_MAC,
  Host,
  look,
  Rig,
  type Seen,
  type SeenFc,
  type SeenFip,
} from '../../helpers/fcf.ts';

const SHARED = new URL('../../../../shared/captures/linux/', import.meta.url).pathname;
const FIXTURES = new URL('../../../fixtures/', import.meta.url).pathname;

const recordings: readonly (readonly [string, Partial<FcfOptions>])[] = [
  ['fabric-login.pcap', {}],
  ['fabric-io.pcap', {}],
  ['fabric-npiv.pcap', {}],
  ['fabric-cvl.pcap', {}],
  ['fabric-move-same.pcap', {}],
  ['fabric-rscn.pcap', {}],
  ['fabric-keepalive.pcap', {}],
  ['fabric-advloss.pcap', { fkaAdvPeriodMs: 1000 }],
  ['fabric-vlan.pcap', { vlan: 1002 }],
];

const pathOf = (name: string) => (existsSync(FIXTURES + name) ? FIXTURES + name : SHARED + name);

const TARGET_PORT = 3;
const SERVICES_FIRST = 0xff_f000;
/** How far behind its request an answer of the recording's fabric is looked for. */
const REPLY_WITHIN_FRAMES = 30;

async function framesOf(path: string): Promise<Seen[]> {
  const frames: Seen[] = [];
  let first: bigint | undefined;
  for await (const { bytes, timeNs } of readFrames(path)) {
    first ??= timeNs;
    frames.push(look(0, Number(timeNs - first), bytes.slice()));
  }
  return frames;
}

type Fc = Seen & SeenFc;
type Fip = Seen & SeenFip;
const isFc = (one: Seen): one is Fc => one.kind === 'fc';
const isFip = (one: Seen): one is Fip => one.kind === 'fip';
const fromFabric = (one: Seen) => one.source === FCF_MAC;

/** What the recording's fabric granted, and the N_Ports that lie behind it. */
function addresses(frames: readonly Seen[]) {
  const granted = new Map<Wwn, FcId>();
  const asked = new Map<string, Wwn>();
  const remote = new Set<FcId>();
  const wwpnAt = (payload: Uint8Array) => BigInt(`0x${formatHex(payload.subarray(20, 28))}`);
  for (const one of frames) {
    if (isFip(one) && one.message.operation === 2) {
      const els = fipElsOf(one.message)!;
      const command = els.payload[0];
      const key = (mac: Mac) => `${mac} ${els.kind} ${els.header.oxId}`;
      if (command === ElsCommand.FLOGI || command === ElsCommand.FDISC)
        asked.set(key(one.source), wwpnAt(els.payload));
      else if (command === ElsCommand.LS_ACC && els.kind !== 'logo')
        granted.set(asked.get(key(one.destination))!, els.header.dId);
    } else if (isFc(one) && fromFabric(one) && one.header.sId < SERVICES_FIRST)
      remote.add(one.header.sId);
  }
  for (const id of granted.values()) remote.delete(id);
  return { granted, remote: [...remote] };
}

interface Request {
  readonly sId: FcId;
  readonly oxId: number;
  readonly what: string;
}

/** Plays a recording into an FCF and collects what contradicts what Linux expects. */
class Replay {
  readonly rig: Rig;
  readonly #target: Host;
  readonly #macs: Mac[] = [];
  #following: readonly Seen[] = [];
  readonly forwardedDifferent: string[] = [];
  readonly unanswered: Request[] = [];
  /** Refused by ours although the recording's fabric accepted it. */
  readonly rejected: string[] = [];
  /** Drops that are right: of LOGOs from ports just cleared, or to ports just gone. */
  readonly lateLogos: string[] = [];
  answered = 0;
  forwarded = 0;

  constructor(frames: readonly Seen[], options: Partial<FcfOptions>) {
    const { granted, remote } = addresses(frames);
    const targets = remote.map((nPortId, i) => ({
      wwpn: 0x2000_00ff_0000_0000n + BigInt(i),
      nPortId,
    }));
    const staticFcIds = [...granted].map(([wwpn, nPortId]) => ({ wwpn, nPortId })).concat(targets);
    this.rig = new Rig({ ...options, staticFcIds });
    const { vlan } = this.rig.fcf.config;
    const tci = vlan === 0 ? undefined : vlan;
    this.#target = new Host(this.rig, TARGET_PORT, '52:54:00:ff:00:01', { tci });
    targets.forEach(({ wwpn }, i) => {
      this.#target.login(i === 0 ? 'FLOGI' : 'FDISC', wwpn);
    });
    this.rig.take();
  }

  play(frames: readonly Seen[]): void {
    for (const [index, one] of frames.entries()) {
      this.#following = frames.slice(index + 1, index + 1 + REPLY_WITHIN_FRAMES);
      this.#advanceTo(one.at);
      this.rig.take();
      if (fromFabric(one)) this.#fromFabric(one);
      else this.#fromHost(one);
    }
  }

  /** The target of the recordings is not there to keep itself alive. */
  #advanceTo(at: number): void {
    while (this.rig.now < at) {
      this.#target.keepAlive();
      this.rig.advance(Math.min(SECOND, at - this.rig.now));
    }
  }

  #portOf(one: Seen): number {
    const nPortId = one.source.startsWith('0e:fc:') ? one.source.slice(9) : undefined;
    const enode =
      nPortId === undefined
        ? one.source
        : this.rig.fcf.logins().find((login) => login.mac === one.source)?.enodeMac;
    if (enode === undefined) return 0;
    if (!this.#macs.includes(enode)) this.#macs.push(enode);
    return this.#macs.indexOf(enode);
  }

  /** Commands of the recording's owner, and frames that came from behind the fabric. */
  #fromFabric(one: Seen): void {
    if (isFip(one)) {
      if (one.message.operation !== 3) return;
      const port = this.#macs.indexOf(one.destination);
      const ports = fipDescriptorsOf(one.message, 'vxPort');
      this.rig.manage((fcf, now) => {
        if (ports.length === 0) fcf.clearVirtualLinks({ port, bare: true }, now);
        else if (ports.length > 1) fcf.clearVirtualLinks({ port }, now);
        else fcf.clearVirtualLinks({ nPortId: ports[0]!.nPortId }, now);
      });
      return;
    }
    const { sId, dId } = one.header;
    const isTarget = this.rig.fcf
      .logins()
      .some((login) => login.nPortId === sId && login.port === TARGET_PORT);
    if (!isTarget) return;
    const frame = one.bytes.slice();
    const macs = (id: FcId) => [0x0e, 0xfc, 0x00, id >> 16, (id >> 8) & 0xff, id & 0xff];
    frame.set([0x02, 0xfc, 0xf0, 0, 0, 1, ...macs(sId)]);
    this.rig.feed(TARGET_PORT, frame);
    const out = this.rig.take();
    this.forwarded++;
    if (out.length !== 1 || formatHex(out[0]!.bytes) !== formatHex(one.bytes))
      this.forwardedDifferent.push(`${sId.toString(16)} -> ${dId.toString(16)} at ${one.at}`);
  }

  #fromHost(one: Seen): void {
    const port = this.#portOf(one);
    this.rig.feed(port, one.bytes);
    const out = this.rig.take();
    if (isFip(one)) {
      const els = one.message.operation === 2 ? fipElsOf(one.message) : undefined;
      if (els === undefined) return;
      const { sId, oxId } = els.header;
      const reply = out.filter(isFip).find(({ message }) => message.operation === 2);
      const answer = reply && fipElsOf(reply.message)!;
      const good =
        reply?.port === port &&
        reply.destination === one.source &&
        reply.message.descriptors[0] === answer &&
        reply.message.descriptors[1]?.kind === 'mac' &&
        answer!.header.oxId === oxId &&
        answer!.header.sId === F_PORT_CONTROLLER;
      this.#note(good, { sId, oxId, what: els.kind }, answer?.payload);
      return;
    }
    const { rCtl, sId, dId, oxId } = one.header;
    if (rCtl === 0x22 && one.payload[0] === ElsCommand.LOGO && out.length === 0) {
      const ids = this.rig.fcf.logins().map(({ nPortId }) => nPortId);
      if (!ids.includes(sId)) this.lateLogos.push('no-login');
      else if (!ids.includes(dId)) this.lateLogos.push('unknown-d-id');
      else this.unanswered.push({ sId, oxId, what: 'LOGO' });
      return;
    }
    if (dId < SERVICES_FIRST || (rCtl !== 0x22 && rCtl !== 0x02)) return;
    const reply = out.filter(isFc).find(({ header }) => header.oxId === oxId && header.sId === dId);
    const good =
      reply?.port === port &&
      reply.header.dId === sId &&
      reply.header.rCtl === (rCtl === 0x22 ? 0x23 : 0x03) &&
      (reply.header.fCtl & 0x80_0000) !== 0 &&
      reply.source === FCF_MAC &&
      reply.destination === one.source &&
      reply.crcGood;
    this.#note(good, { sId, oxId, what: formatHex(one.payload.subarray(0, 10)) }, reply?.payload);
  }

  #note(good: boolean, request: Request, payload: Uint8Array | undefined): void {
    if (!good || payload === undefined) {
      this.unanswered.push(request);
      return;
    }
    this.answered++;
    if (isReject(payload) && !this.#wasRejected(request))
      this.rejected.push(`${request.what}: ${formatHex(payload)}`);
  }

  /** Whether the recording's own fabric refused it too. */
  #wasRejected({ sId, oxId }: Request): boolean {
    const reply = this.#following
      .filter(isFc)
      .find((one) => fromFabric(one) && one.header.dId === sId && one.header.oxId === oxId);
    return reply !== undefined && isReject(reply.payload);
  }
}

function isReject(payload: Uint8Array): boolean {
  const isCt = payload[0] === 1 && payload.length >= 16 && payload[4] === 0xfc;
  return isCt ? payload[9] === 0x01 : payload[0] === ElsCommand.LS_RJT;
}

describe.each(recordings)('Linux in %s', (name, options) => {
  const path = pathOf(name);
  it.skipIf(!existsSync(path))('gets the answers it needs, and frames unchanged', async () => {
    const frames = await framesOf(path);
    const replay = new Replay(frames, options);
    replay.play(frames);
    expect(replay.unanswered).toEqual([]);
    expect(replay.rejected).toEqual([]);
    expect(replay.forwardedDifferent).toEqual([]);
    expect(replay.rig.dropped()).toEqual(replay.lateLogos);
    expect(replay.rig.eventsOf('login-rejected')).toEqual([]);
    expect(replay.answered).toBeGreaterThan(8);
    expect(replay.forwarded).toBeGreaterThan(20);
  });
});

if (!existsSync(SHARED)) {
  it.skip(`no recordings in ${basename(SHARED)}: only the fixtures were played`, () => {});
}
