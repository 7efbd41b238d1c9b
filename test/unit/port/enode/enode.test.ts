/** An ENode beside a real FCF: who logs in when, which frames it believes, what a clear does. */
import { describe, expect, it } from 'vitest';
import { FcType, RCtl } from '../../../../src/codecs/fc/index.ts';
import { Eof, encodeFcoeFrame, fpma, Sof } from '../../../../src/codecs/fcoe/index.ts';
import { Fcf } from '../../../../src/fabric/fcoe/fcf.ts';
import type { DcbAgreement } from '../../../../src/history/dcb.ts';
import { SECOND } from '../../../../src/machine/machine.ts';
import { convergedSettings, NO_DCB } from '../../../../src/net/dcbx/settings.ts';
import { Enode } from '../../../../src/port/enode/enode.ts';
import type { VnPort } from '../../../../src/port/enode/vn-port.ts';
import { ENODE_MAC, FCF_MAC, SWITCH_NAME } from '../../../helpers/fip-port.ts';
import { Clock } from '../../../helpers/loop-back.ts';
import { drawnBy } from '../../../helpers/random.ts';

/**
 * An ENode on port 0 of an FCF; frames go over at once, timers of the FCF are left alone. `priority`: of FCoE, where
 * both speak DCBX.
 */
function make(priority?: number) {
  const clock = new Clock();
  const fcf = new Fcf({
    name: 'fcf',
    fcfMac: FCF_MAC,
    fabricName: SWITCH_NAME,
    switchName: SWITCH_NAME,
    domain: 1,
    ports: 1,
    dBit: true,
    random: drawnBy(() => 0),
    ...(priority === undefined
      ? {}
      : { vlan: 100, dcbx: { willing: false, settings: convergedSettings(priority) } }),
  });
  const queue: Uint8Array[] = [];
  const sent: Uint8Array[] = [];
  const agreements: DcbAgreement[] = [];
  const contradictions: string[] = [];
  /** False: what the ENode sends is lost. */
  const state = { passes: true, handling: false };
  const enode: Enode = new Enode(
    {
      port: 0,
      mac: ENODE_MAC,
      nodeName: 7n,
      vlanDiscovery: true,
      vlan: 0,
      vlanPriority: 3,
      fcfSelectionDelayNs: 1000,
      ...(priority === undefined ? {} : { dcbx: { willing: true, settings: NO_DCB } }),
    },
    {
      get now() {
        return clock.now;
      },
      after: clock.after,
      send: (_port, frame) => {
        if (state.passes) queue.push(frame.slice());
        sent.push(frame.slice());
        if (!state.handling) settle();
      },
      dcbAgreed: (_port, agreement) => agreements.push(agreement),
      contradiction: (_port, what) => contradictions.push(what),
    },
  );
  function settle(): void {
    state.handling = true;
    for (let frame = queue.shift(); frame !== undefined; frame = queue.shift())
      fcf.handleFrame(0, frame, false, clock.now);
    for (let output = fcf.poll(); output !== undefined; output = fcf.poll())
      if ('send' in output) enode.handleFrame(output.send);
    state.handling = false;
    if (queue.length > 0) settle();
  }
  const states: string[] = [];
  const port = (name: bigint, physical: boolean): VnPort =>
    enode.createLport(
      {
        portName: name,
        nodeName: 7n,
        role: 'initiator',
        receiveBytes: 2112,
        physical,
        symbolicName: 'p',
        loginTriesMax: 3,
        discovers: false,
      },
      { stateChanged: (_lport, next) => states.push(`${name} ${next}`) },
    );
  const manage = (call: (fcf: Fcf) => void) => {
    call(fcf);
    settle();
  };
  const up = () => {
    enode.linkUp();
    clock.run(SECOND);
  };
  return { clock, fcf, enode, contradictions, state, states, port, manage, up, sent, agreements };
}

/** With a physical port and an NPIV port that are logged in. */
function joined() {
  const made = make();
  const [base, npiv] = [made.port(1n, true), made.port(2n, false)];
  made.enode.startLport(base);
  made.enode.startLport(npiv);
  made.up();
  expect([base.state, npiv.state]).toEqual(['ready', 'ready']);
  made.states.length = 0;
  return { ...made, base, npiv };
}

describe('data center bridging', () => {
  it("a willing ENode's frames have the priority that its switch wants for FCoE", () => {
    const { agreements, enode, port, sent, up } = make(5);
    enode.startLport(port(1n, true));
    up();
    expect(agreements.at(-1)).toMatchObject({ isAgreed: true, pfcEnabled: 0b10_0000 });
    const tagged = sent.filter((one) => one[12] === 0x81);
    const etherTypes = new Set(tagged.map((one) => (one[16]! << 8) | one[17]!));
    expect(etherTypes).toEqual(new Set([0x8914, 0x8906]));
    expect(new Set(tagged.map((one) => one[14]! >> 5))).toEqual(new Set([5]));
    const { agreements: none, sent: silent, up: alone } = make();
    alone();
    expect(none).toEqual([]);
    expect(silent.some((one) => one[12] === 0x88)).toBe(false);
  });

  it('an ENode whose switch does not speak it logs in later', () => {
    const { enode, fcf, port, state, clock } = make(5);
    state.passes = false;
    enode.startLport(port(1n, true));
    enode.linkUp();
    clock.run(2 * SECOND);
    state.passes = true;
    clock.run(10 * SECOND);
    expect(fcf.logins()).toHaveLength(1);
  });

  it('what does not decode is a contradiction, and its link takes the agreement along', () => {
    const { agreements, contradictions, enode, up } = make(5);
    up();
    enode.handleFrame(
      Uint8Array.of(1, 0x80, 0xc2, 0, 0, 0xe, 2, 0, 0, 0, 0, 9, 0x88, 0xcc, 2, 7, 4),
    );
    expect(contradictions.at(-1)).toContain('LLDP');
    enode.linkDown();
    enode.linkUp();
    expect(agreements.filter(({ isAgreed }) => isAgreed)).toHaveLength(2);
  });
});

describe('ports of an ENode', () => {
  it('log in when an FCF is chosen: the physical port, then the others', () => {
    const { states, enode, port, up, fcf } = make();
    enode.startLport(port(2n, false));
    enode.startLport(port(1n, true));
    expect(states).toEqual([]);
    up();
    expect(states.filter((line) => /flogi/.test(line))).toEqual(['1 flogi', '2 flogi']);
    expect(fcf.logins().map(({ wwpn, by }) => [wwpn, by])).toEqual([
      [1n, 'FLOGI'],
      [2n, 'FDISC'],
    ]);
  });

  it('that are started later log in at once', () => {
    const { enode, port, clock } = joined();
    const third = port(3n, false);
    enode.startLport(third);
    enode.startLport(third);
    clock.run(0);
    expect(third.state).toBe('ready');
  });

  it('are 4096 at most', () => {
    const { enode, port } = make();
    for (let i = 0n; i < 4096n; i++) enode.startLport(port(i + 1n, false));
    expect(() => enode.startLport(port(9999n, false))).toThrow(/more than 4096 ports/);
  });

  it('are reset when they are removed, and log in no more', () => {
    const { enode, npiv, states, manage, clock, fcf } = joined();
    enode.removeLport(npiv);
    expect(states).toEqual(['2 disabled']);
    states.length = 0;
    manage((one) => one.clearVirtualLinks({ wwpn: 1n }, clock.now));
    clock.run(10 * SECOND);
    expect(states.filter((line) => line.startsWith('2'))).toEqual([]);
    expect(fcf.logins().map((one) => one.wwpn)).toEqual([1n]);
  });

  it('are all reset with the link', () => {
    const { enode, states, base } = joined();
    enode.linkDown();
    expect(states).toEqual(['1 disabled', '2 disabled']);
    expect([base.nPortId, [...enode.vnPorts()]]).toEqual([0, []]);
  });

  it('go on with a login that was carried over, without a frame', () => {
    const { enode, npiv, port } = joined();
    const login = npiv.carriedLogin();
    enode.removeLport(npiv);
    const next = port(2n, false);
    enode.adoptLport(next, login);
    expect(next).toMatchObject({ state: 'ready', nPortId: login.nPortId, mac: login.linkAddress });
    expect([...enode.vnPorts()].map((one) => one.portName)).toContain(2n);
  });
});

describe('a cleared virtual link', () => {
  it('of an NPIV port: it logs in anew at once, a second time only after E_D_TOV', () => {
    const { npiv, states, manage, clock } = joined();
    manage((one) => one.clearVirtualLinks({ wwpn: 2n }, clock.now));
    clock.run(0);
    expect(states.slice(0, 2)).toEqual(['2 disabled', '2 flogi']);
    expect(npiv.state).toBe('ready');
    clock.run(SECOND);
    manage((one) => one.clearVirtualLinks({ wwpn: 2n }, clock.now));
    clock.run(2 * SECOND - 1);
    expect(npiv.state).toBe('disabled');
    clock.run(1);
    expect(npiv.state).toBe('ready');
    clock.run(3 * SECOND);
    manage((one) => one.clearVirtualLinks({ wwpn: 2n }, clock.now));
    expect(npiv.state).toBe('ready');
  });

  it('of a port on its way out lets it go', () => {
    const { npiv, state, manage, clock } = joined();
    state.passes = false;
    npiv.enterFabricLogo(() => {});
    state.passes = true;
    manage((one) => one.clearVirtualLinks({ wwpn: 2n }, clock.now));
    clock.run(5 * SECOND);
    expect(npiv.state).toBe('disabled');
  });

  it('of the physical port: all begin with FIP again', () => {
    const { enode, states, manage, clock, base, npiv } = joined();
    manage((one) => one.clearVirtualLinks({ nPortId: base.nPortId }, clock.now));
    expect(states).toEqual(['1 disabled', '2 disabled']);
    expect(enode.fip.state).toBe('soliciting');
    clock.run(SECOND);
    expect([base.state, npiv.state]).toEqual(['ready', 'ready']);
  });
});

describe('frames from the wire', () => {
  const RTV = Uint8Array.of(0x0e, 0, 0, 0);
  /** A request of the name server to the physical port. */
  const request = (
    dId: number,
    more: { source?: string; destination?: string; eof?: number } = {},
  ) =>
    encodeFcoeFrame({
      destination: fpma(0x0e_fc00, dId),
      source: FCF_MAC,
      vlan: undefined,
      sof: Sof.SOFi3,
      eof: Eof.EOFt,
      header: {
        rCtl: RCtl['ELS Request'],
        dId,
        sId: 0xff_fffc,
        type: FcType.ELS,
        fCtl: 0x29_0000,
        oxId: 5,
        rxId: 0xffff,
      },
      payload: RTV,
      ...more,
    });
  /** How many frames the FCF was sent in return. */
  const answers = (frame: Uint8Array, made = joined()) => {
    const before = made.fcf.counters.served;
    made.enode.handleFrame(frame);
    return { served: made.fcf.counters.served - before, contradictions: made.contradictions };
  };

  it('are answered where addresses, CRC and EOF are right', () => {
    const { base } = joined();
    expect(answers(request(base.nPortId)).served).toBe(1);
  });

  it.each([
    ['of another sender', { source: '02:fc:f0:00:00:09' }],
    ['to another MAC address', { destination: '0e:fc:00:01:00:09' }],
    ['to be discarded', { eof: Eof.EOFni }],
    ['that are aborted', { eof: Eof.EOFa }],
  ])('%s are passed over', (_, more) => {
    expect(answers(request(0x01_0001, more))).toEqual({ served: 0, contradictions: [] });
  });

  it('to an N_Port_ID that is not ours, or in another VLAN, are passed over', () => {
    expect(answers(request(0x01_0009))).toEqual({ served: 0, contradictions: [] });
    const plain = request(0x01_0001);
    const tagged = new Uint8Array(plain.length + 4);
    tagged.set(plain.subarray(0, 12));
    tagged.set([0x81, 0, 0x60, 5], 12);
    tagged.set(plain.subarray(12), 16);
    expect(answers(tagged)).toEqual({ served: 0, contradictions: [] });
  });

  it('with a wrong CRC, or that do not decode, are contradictions', () => {
    const spoiled = request(0x01_0001);
    spoiled[40]! ^= 1;
    const { served, contradictions } = answers(spoiled);
    expect(served).toBe(0);
    expect(contradictions).toHaveLength(1);
    expect(contradictions[0]).toContain('wrong FC CRC');
    expect(answers(request(0x01_0001).subarray(0, 40)).contradictions).toHaveLength(1);
    const fip = new Uint8Array(60);
    fip.set([0x89, 0x14, 0x10], 12);
    fip[21] = 200;
    expect(answers(fip).contradictions).toHaveLength(1);
  });

  it('that are no frames, or of another protocol, are nothing', () => {
    const other = new Uint8Array(60).fill(8, 12, 13);
    const cut = new Uint8Array(16);
    cut.set([0x81, 0], 12);
    for (const frame of [new Uint8Array(0), new Uint8Array(13), cut, other])
      expect(answers(frame)).toEqual({ served: 0, contradictions: [] });
  });
});
