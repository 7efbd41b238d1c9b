/**
 * A real switch as the model: what it answered to a VMware host's frames, an FCF of ours with its
 * names and addresses must answer too. The recording stays where it is; without it this is skipped.
 */
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readFrames } from '../../../src/capture/index.ts';
import { flogiAccept } from '../../../src/codecs/els/index.ts';
import { fipElsOf } from '../../../src/codecs/fip/index.ts';
import { formatHex, parseHex } from '../../../src/codecs/layout/index.ts';
import { Host, look, Rig, type Seen, type SeenFc } from '../../helpers/fcf.ts';

const RECORDING = new URL('../../../../shared/captures/esxi-cisco/fcoe1-both.pcap', import.meta.url)
  .pathname;

const FCF_MAC = '8c:60:4f:18:a7:b6';
const HOST_MAC = '00:1b:21:84:74:63';
const SWITCH_NAME = 0x1000_0005_33d7_27c2n;
/** The array's two ports, as the recording's GPN_FT and GNN_ID answers name them. */
const TARGETS = [
  { nPortId: 0x01_0800, wwpn: 0x5005_0768_0210_31e6n, wwnn: 0x5005_0768_0200_31e6n },
  { nPortId: 0x01_0600, wwpn: 0x5005_0768_0210_31e7n, wwnn: 0x5005_0768_0200_31e7n },
];
const HOST_WWPN = 0x2000_001b_2184_7463n;
const HOST_ID = 0x01_0e01;
const TCI = 923;

async function load() {
  const frames: Seen[] = [];
  for await (const { bytes } of readFrames(RECORDING)) frames.push(look(0, 0, bytes.slice()));
  return frames;
}

const isFc = (one: Seen): one is Seen & SeenFc => one.kind === 'fc';

/** The FCF in the place of the recording's, with the array's ports logged in behind port 1. */
function makeRig(): Rig {
  const rig = new Rig({
    fcfMac: FCF_MAC,
    switchName: SWITCH_NAME,
    fabricName: SWITCH_NAME,
    vfId: 923,
    vlan: 923,
    staticFcIds: [...TARGETS, { nPortId: HOST_ID, wwpn: HOST_WWPN }],
  });
  const array = new Host(rig, 1, '52:54:00:ff:00:01', { fcfMac: FCF_MAC, tci: TCI });
  for (const { wwpn, wwnn } of TARGETS)
    array.join(wwpn === TARGETS[0]!.wwpn ? 'FLOGI' : 'FDISC', wwpn, wwnn);
  return rig;
}

/** Feeds the host's frames and pairs each answer of ours with the recording's, by OX_ID. */
async function pairs() {
  const rig = makeRig();
  const frames = await load();
  const fromHost = frames.filter((one) => one.source !== FCF_MAC);
  const ours: Seen[] = [];
  for (const one of fromHost) {
    rig.feed(0, one.bytes);
    ours.push(...rig.take().filter(({ port }) => port === 0));
  }
  const theirs = frames.filter((one) => one.source === FCF_MAC);
  const key = (one: Seen) => (isFc(one) ? `${one.header.sId} ${one.header.oxId}` : '');
  const replyTo = new Map(ours.map((one) => [key(one), one]));
  const services = theirs.filter(isFc).filter(({ header }) => header.sId >= 0xff_f000);
  return { rig, frames, ours, services, answerOf: (one: Seen) => replyTo.get(key(one)) };
}

describe.skipIf(!existsSync(RECORDING))('a recorded switch and ours', () => {
  it('answer VLAN discovery and solicitation by the same bytes', async () => {
    const [notification, solicitation, advertisement] = await load();
    const rig = makeRig();
    const host = new Host(rig, 0, HOST_MAC);
    host.fip(
      { operation: 4, subcode: 1, descriptors: [{ kind: 'mac', mac: HOST_MAC }] },
      { destination: '01:10:18:01:00:02' },
    );
    rig.feed(0, solicitation!.bytes);
    const [first, second] = rig.take();
    expect(formatHex(first!.bytes)).toBe(formatHex(notification!.bytes));
    expect(formatHex(second!.bytes)).toBe(formatHex(advertisement!.bytes));
  });

  it('accept FLOGI alike', async () => {
    const { frames, ours } = await pairs();
    const isReply = (one: Seen) => one.kind === 'fip' && one.message.operation === 2;
    const reply = ours.find(isReply)!;
    const model = frames.find((one) => isReply(one) && one.source === FCF_MAC)!;
    expect(reply.bytes.length).toBe(model.bytes.length);
    // Ethernet, VLAN and FIP headers; type and length of the descriptor.
    expect(formatHex(reply.bytes.subarray(0, 32))).toBe(formatHex(model.bytes.subarray(0, 32)));
    // The descriptor with the granted MAC address.
    expect(formatHex(reply.bytes.subarray(-8))).toBe(formatHex(model.bytes.subarray(-8)));
    const read = (one: Seen) => {
      const { header, payload } = fipElsOf(one.kind === 'fip' ? one.message : fail())!;
      const { rCtl, dId, sId, type, oxId } = header;
      const { common, nodeName, class3 } = flogiAccept.decode(payload);
      const { bbReceiveDataFieldSizeBytes, rATovMs, eDTov } = common;
      return {
        ...{ rCtl, dId, sId, type, oxId, nodeName, class3 },
        ...{ bbReceiveDataFieldSizeBytes, rATovMs, eDTov, fPortAndNpiv: common.features & 0x3000 },
      };
    };
    expect(read(reply)).toEqual(read(model));
  });

  it('accept registrations and answer queries by the same payloads', async () => {
    const { services, answerOf } = await pairs();
    const ct = services.filter(({ header }) => header.type === 0x20 && header.sId === 0xff_fffc);
    expect(ct).toHaveLength(14);
    for (const model of ct) {
      const answer = answerOf(model)!;
      expect(answer.kind).toBe('fc');
      const payload = (answer as SeenFc).payload;
      expect(entries(payload)).toEqual(entries(model.payload));
      expect(answer.bytes.length).toBe(model.bytes.length);
      expect(formatHex(answer.bytes.subarray(0, 32))).toBe(formatHex(model.bytes.subarray(0, 32)));
    }
  });

  it('answer every ELS to a service', async () => {
    const { services, answerOf } = await pairs();
    const els = services.filter(({ header }) => header.rCtl === 0x23);
    expect(els).toHaveLength(6);
    for (const model of els) {
      const answer = answerOf(model)! as Seen & SeenFc;
      expect(answer.payload[0]).toBe(model.payload[0]);
      expect(answer.payload.length).toBe(model.payload.length);
      expect([answer.destination, answer.source, answer.sof, answer.eof]).toEqual([
        model.destination,
        model.source,
        model.sof,
        model.eof,
      ]);
    }
  });

  it('forward what the array sends by the same bytes', async () => {
    const { rig, frames } = await pairs();
    const forwarded = frames
      .filter(isFc)
      .filter(({ source, header }) => source === FCF_MAC && header.sId < 0xff_f000);
    expect(forwarded.length).toBeGreaterThan(100);
    for (const { bytes, header } of forwarded) {
      const sent = bytes.slice();
      sent.set(parseHex(FCF_MAC.replaceAll(':', '')));
      sent.set(
        [0x0e, 0xfc, 0x00, header.sId >> 16, (header.sId >> 8) & 0xff, header.sId & 0xff],
        6,
      );
      rig.feed(1, sent);
      expect(formatHex(rig.take()[0]!.bytes)).toBe(formatHex(bytes));
    }
    expect(rig.eventsOf('dropped')).toEqual([]);
  });
});

function fail(): never {
  throw new Error('not a FIP frame');
}

/** A CT payload; port entries in any order, without the mark of the last one. */
function entries(payload: Uint8Array): string[] {
  const preamble = formatHex(payload.subarray(0, 16));
  if (payload.length < 48) return [formatHex(payload)];
  const found: string[] = [];
  for (let at = 16; at < payload.length; at += 16)
    found.push(formatHex(payload.subarray(at + 1, at + 16)));
  return [preamble, ...found.sort()];
}
