/** Data center bridging exchange at a port: both dialects, their fall-back, hostile peers, the contract of machines. */
import { describe, expect, it } from 'vitest';
import { readFrames } from '../../../../src/capture/index.ts';
import { EtherType, ethernet } from '../../../../src/codecs/ethernet/index.ts';
import { formatHex, type Mac, macAt } from '../../../../src/codecs/layout/index.ts';
import { type LldpTlvInput, lldpdu, lldpTlvOf } from '../../../../src/codecs/lldp/index.ts';
import { SECOND } from '../../../../src/machine/machine.ts';
import type { DcbxOptions } from '../../../../src/net/dcbx/dcbx-port.ts';
import { convergedSettings, NO_DCB } from '../../../../src/net/dcbx/settings.ts';
import { describeMachine } from '../../../../src/testing/machine-contract.ts';
import { DcbxEnd, drained, together } from '../../../helpers/dcbx.ts';

const LOW = '02:00:00:00:00:01' as Mac;
const HIGH = '02:00:00:00:00:02' as Mac;
const SWITCH: DcbxOptions = { willing: false, settings: convergedSettings() };
const HOST: DcbxOptions = { willing: true, settings: NO_DCB };

const agreed = (end: DcbxEnd) => end.port.agreement;

async function lldpad(name: string): Promise<Uint8Array[]> {
  const all: Uint8Array[] = [];
  for await (const { bytes } of readFrames(`fixtures/lan/${name}.pcap`)) all.push(bytes.slice());
  return all;
}

/** A data unit of a neighbour. */
function unitOf(mac: Mac, tlvs: readonly LldpTlvInput[], seconds = 120): Uint8Array {
  const id = Uint8Array.from(mac.split(':'), (one) => Number.parseInt(one, 16));
  const body = lldpdu.encode({
    tlvs: [
      { kind: 'chassisId', subtype: 4, chassisId: id },
      { kind: 'portId', subtype: 3, portId: id },
      { kind: 'timeToLive', timeToLiveSeconds: seconds },
      ...tlvs,
      { kind: 'end' },
    ],
  });
  const frame = new Uint8Array(14 + body.length);
  const destination = '01:80:c2:00:00:0e' as Mac;
  ethernet.write(frame, 0, { destination, source: mac, etherType: EtherType.LLDP });
  frame.set(body, 14);
  return frame;
}

/** The first frame that an end sends with these options. */
const firstFrameOf = (mac: Mac, options: DcbxOptions) =>
  drained(new DcbxEnd(mac, options)).frames[0]!;
const tlvsOf = (frame: Uint8Array) =>
  lldpdu
    .decode(frame.subarray(14))
    .tlvs.filter(({ kind }) => kind !== 'end')
    .slice(3);

const IEEE_FRAME = firstFrameOf(HIGH, SWITCH);
const CEE_FRAME = firstFrameOf(HIGH, { ...SWITCH, dialect: 'cee' });

for (const dialect of ['ieee', 'cee'] as const)
  describeMachine(
    { describe, it },
    `DCBX that begins as ${dialect}`,
    () => new DcbxEnd(LOW, { ...HOST, dialect }),
    { frames: [IEEE_FRAME, CEE_FRAME, unitOf(HIGH, tlvsOf(IEEE_FRAME), 0)] },
  );

describe('IEEE', () => {
  it('a willing end takes flow control, shares and applications of the other', () => {
    const a = new DcbxEnd(LOW, HOST);
    const b = new DcbxEnd(HIGH, SWITCH);
    together(a, b, 10 * SECOND);
    expect(agreed(a)).toEqual({ dialect: 'ieee', isAgreed: true, problem: '', ...SWITCH.settings });
    expect(agreed(b)).toEqual(agreed(a));
  });

  it("takes lldpad's settings at its first frame, and says so in its next", async () => {
    const [, theirs] = await lldpad('lldpad-dcbx-willing');
    const end = new DcbxEnd(LOW, HOST);
    drained(end);
    end.handleFrame(0, theirs!, true, 1);
    expect(agreed(end)).toMatchObject({
      isAgreed: true,
      pfcEnabled: 0b1000,
      groups: [0, 0, 0, 1, 2, 2, 2, 2],
      bandwidth: [50, 50, 0, 0, 'strict', 'strict', 'strict', 'strict'],
    });
    const unit = lldpdu.decode(drained(end).frames[0]!.subarray(14));
    expect(lldpTlvOf(unit, 'pfcConfiguration')).toMatchObject({ willing: 1, enabled: 0b1000 });
    expect(lldpTlvOf(unit, 'etsConfiguration')!.bandwidthPercent[0]).toBe(50);
    expect(lldpTlvOf(unit, 'etsRecommendation')!.bandwidthPercent[0]).toBe(0);
  });

  it('takes what is recommended, not what the peer has: 70/30, not 50/50', async () => {
    const frames = await lldpad('lldpad-dcbx-both-willing');
    const theirs = frames.find((one) => macAt(one, 6) === HIGH)!;
    const end = new DcbxEnd(LOW, HOST);
    end.handleFrame(0, theirs, true, 1);
    expect(agreed(end).bandwidth.slice(0, 2)).toEqual([70, 30]);
  });

  it('where both are willing the MAC address decides, as it did between two lldpads', async () => {
    const frames = await lldpad('lldpad-dcbx-both-willing');
    const settings = convergedSettings(5);
    const theirs = frames.find((one) => macAt(one, 6) === HIGH)!;
    const lower = new DcbxEnd(LOW, { willing: true, settings });
    lower.handleFrame(0, theirs, true, 1);
    expect(agreed(lower).pfcEnabled).toBe(0b1_0000);
    const higher = new DcbxEnd('02:00:00:00:00:03' as Mac, { willing: true, settings });
    higher.handleFrame(0, theirs, true, 1);
    expect(agreed(higher).pfcEnabled).toBe(0b10_0000);
    const other = new DcbxEnd(LOW, { willing: true, settings, tieBreak: 'lower' });
    other.handleFrame(0, theirs, true, 1);
    expect(agreed(other).pfcEnabled, 'the other way round').toBe(0b10_0000);
  });

  it('two ends that are both not willing do not agree, and each says why', () => {
    const a = new DcbxEnd(LOW, { willing: false, settings: convergedSettings(4) });
    const b = new DcbxEnd(HIGH, SWITCH);
    together(a, b, 10 * SECOND);
    for (const end of [a, b])
      expect(agreed(end)).toMatchObject({
        isAgreed: false,
        problem: 'the peer pauses other priorities',
      });
  });

  it('a recommendation that makes no sense is passed over and said', () => {
    const bandwidth = [50, 40, 0, 0, 0, 0, 0, 0];
    const settings = { ...SWITCH.settings, bandwidth };
    const frame = firstFrameOf(HIGH, { willing: false, settings });
    const end = new DcbxEnd(LOW, HOST);
    end.handleFrame(0, frame, true, 1);
    expect(agreed(end)).toMatchObject({
      bandwidth: NO_DCB.bandwidth,
      isAgreed: false,
      problem: 'its recommendation: shares of bandwidth make 90 %, not 100',
    });
  });
});

describe('what is sent when', () => {
  it('a frame each second at first, then each 30 s', () => {
    const a = new DcbxEnd(LOW, HOST);
    const b = new DcbxEnd(HIGH, SWITCH);
    const { frames } = together(a, b, 100 * SECOND);
    const seconds = frames.filter(({ from }) => from === 1).map(({ at }) => at / SECOND);
    expect(seconds.filter((one) => one > 10)).toEqual([34, 64, 94]);
    expect(seconds.filter((one) => one <= 10).length).toBeLessThan(8);
  });

  it('no more than a frame a second, and a few ahead, however often a peer changes its mind', () => {
    const end = new DcbxEnd(LOW, HOST);
    const other = firstFrameOf(HIGH, { ...SWITCH, settings: convergedSettings(5) });
    let sent = 0;
    for (let i = 0; i < 1000; i++) {
      const now = i * (SECOND / 100);
      while (end.deadline !== undefined && end.deadline <= now) end.handleTimeout(end.deadline);
      end.handleFrame(0, i % 2 === 0 ? IEEE_FRAME : other, true, now);
      sent += drained(end).frames.length;
    }
    expect(sent).toBeLessThan(20);
    expect(sent).toBeGreaterThan(8);
  });
});

describe('neighbours', () => {
  it('a peer that falls silent is forgotten after its time to live, one that says so at once', () => {
    const end = new DcbxEnd(LOW, HOST);
    end.handleFrame(0, IEEE_FRAME, true, 0);
    expect(agreed(end).isAgreed).toBe(true);
    while (end.port.peers > 0) end.handleTimeout(end.deadline!);
    expect(end.core.now).toBe(120 * SECOND);
    expect(agreed(end)).toMatchObject({ pfcEnabled: 0, problem: 'no peer has been heard' });
    end.handleFrame(0, IEEE_FRAME, true, 121 * SECOND);
    end.handleFrame(0, unitOf(HIGH, tlvsOf(IEEE_FRAME), 0), true, 121 * SECOND);
    expect(end.port.peers).toBe(0);
  });

  it('several on one link agree on nothing, and only a few are remembered', () => {
    const end = new DcbxEnd(LOW, HOST);
    for (let i = 2; i < 100; i++) {
      const mac = `02:00:00:00:01:${i.toString(16).padStart(2, '0')}` as Mac;
      end.handleFrame(0, unitOf(mac, tlvsOf(IEEE_FRAME), i), true, 0);
    }
    expect(agreed(end)).toMatchObject({
      pfcEnabled: 0,
      problem: 'several neighbours are on one link',
    });
    expect(end.port.peers).toBe(4);
    while (end.port.peers > 1) end.handleTimeout(end.deadline!);
    expect(agreed(end).pfcEnabled, 'the others are gone').toBe(0b1000);
  });
});

describe('the dialects', () => {
  const contradictions = (end: DcbxEnd) =>
    drained(end).told.flatMap((one) => ('contradiction' in one ? [one.contradiction] : []));
  const both = () => unitOf(HIGH, [...tlvsOf(IEEE_FRAME), ...tlvsOf(CEE_FRAME)]);

  it('falls back to CEE for a peer that speaks nothing else, until the link is reset', () => {
    const a = new DcbxEnd(LOW, HOST);
    const b = new DcbxEnd(HIGH, { ...SWITCH, dialect: 'cee' });
    together(a, b, 10 * SECOND);
    expect(agreed(a)).toEqual({ dialect: 'cee', isAgreed: true, problem: '', ...SWITCH.settings });
    expect(agreed(b)).toEqual(agreed(a));
    a.handleFrame(0, IEEE_FRAME, true, a.core.now);
    expect(agreed(a).dialect, 'no way back on the fly').toBe('cee');
    a.handleLink(0, false, a.core.now);
    a.handleLink(0, true, a.core.now);
    expect(agreed(a).dialect).toBe('ieee');
  });

  it('a peer that speaks both is taken at what the link speaks, and it is said once', () => {
    const end = new DcbxEnd(LOW, HOST);
    for (let i = 0; i < 3; i++) end.handleFrame(0, both(), true, i);
    expect(agreed(end)).toMatchObject({ dialect: 'ieee', isAgreed: true, pfcEnabled: 0b1000 });
    expect(contradictions(end)).toEqual(['both dialects of DCBX; that of IEEE is taken']);
    const cee = new DcbxEnd(LOW, { ...HOST, dialect: 'cee' });
    cee.handleFrame(0, both(), true, 0);
    expect(contradictions(cee)).toEqual(['both dialects of DCBX; that of CEE is taken']);
  });

  it('a TLV that comes twice voids the frame', () => {
    const end = new DcbxEnd(LOW, HOST);
    const [cee] = tlvsOf(CEE_FRAME);
    end.handleFrame(0, unitOf(HIGH, [cee!, cee!]), true, 0);
    end.handleFrame(0, unitOf(HIGH, [...tlvsOf(IEEE_FRAME), tlvsOf(IEEE_FRAME)[2]!]), true, 0);
    expect(end.port.peers).toBe(0);
    expect(contradictions(end)).toEqual(['a TLV of DCBX twice in one frame, which is void']);
  });

  it('what was there before CEE is not spoken, its own frames are not taken for a peer', () => {
    const end = new DcbxEnd(HIGH, HOST);
    const [cee] = tlvsOf(CEE_FRAME);
    end.handleFrame(0, unitOf(LOW, [{ ...cee!, subtype: 1 } as LldpTlvInput]), true, 0);
    end.handleFrame(0, IEEE_FRAME, true, 0);
    expect(end.port.peers).toBe(0);
    expect(contradictions(end)).toEqual([
      'DCBX of before CEE, which is not spoken here',
      'its own LLDP comes back',
    ]);
  });
});

it('its frames are such as lldpad sends: TLV for TLV the same kinds and lengths', async () => {
  const shape = (frame: Uint8Array) =>
    tlvsOf(frame)
      .filter(({ kind }) => kind !== 'applicationPriority')
      .map((one) => ('lengthBytes' in one ? `${one.kind} ${one.lengthBytes}` : one.kind));
  const [theirs] = await lldpad('lldpad-dcbx-willing');
  expect(shape(IEEE_FRAME)).toEqual(shape(theirs!));
  expect(formatHex(lldpdu.encode(lldpdu.decode(CEE_FRAME.subarray(14))))).toBe(
    formatHex(CEE_FRAME.subarray(14)),
  );
});
