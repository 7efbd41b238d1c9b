/**
 * TLVs of IEEE 802.1 and 802.3. Bytes: the shared captures in dcbx/ and network/, frames named;
 * field bits and codes as tshark 4.0.17 prints them, EVB as open-lldp, include/lldp_evb22.h.
 */
import { describe, expect, it } from 'vitest';
import { parseHex } from '../../../../src/codecs/layout/index.ts';
import {
  ApplicationSelector,
  applicationPriorityEntry,
  EvbBridgeStatus,
  Ieee8021Subtype,
  Ieee8023Subtype,
  lldpApplicationPriority,
  lldpCdcp,
  lldpCongestionNotification,
  lldpEtsConfiguration,
  lldpEtsRecommendation,
  lldpEvb,
  lldpMaximumFrameSize,
  lldpOrganizational,
  lldpPfcConfiguration,
  lldpPortVlanId,
  lldpVlanName,
  sChannel,
  TransmissionSelection,
} from '../../../../src/codecs/lldp/ieee.ts';
import { checkFixedVector, checkVector } from '../../../helpers/vector.ts';

const ETS_TABLES = {
  priority0: 0,
  priority1: 0,
  priority2: 0,
  priority3: 1,
  priority4: 0,
  priority5: 0,
  priority6: 0,
  priority7: 0,
  transmissionSelection: Uint8Array.of(2, 2, 0, 0, 0, 0, 0, 0),
};

describe('VLANs (dcbx/dcb_qcn.pcap, frame 6)', () => {
  it('that of the port, and its name', () => {
    checkFixedVector(lldpPortVlanId, 'fe06 0080c2 01 0001', { kind: 'portVlanId', vid: 1 });
    checkVector(lldpVlanName, 'fe0e 0080c2 03 0001 07 64656661756c74', {
      kind: 'vlanName',
      vid: 1,
      nameLengthBytes: 7,
      name: 'default',
    });
  });

  it('congestion notification for priority 5', () => {
    checkFixedVector(lldpCongestionNotification, 'fe06 0080c2 08 20 00', {
      kind: 'congestionNotification',
      cnpv: 0x20,
      ready: 0,
    });
  });
});

describe('data center bridging', () => {
  it('ETS as configured: network/lldpad-dcbx-both-willing-ets-rec.pcap, frame 3', () => {
    checkFixedVector(
      lldpEtsConfiguration,
      'fe19 0080c2 09 00 00010000 3232000000000000 0202000000000000',
      {
        kind: 'etsConfiguration',
        willing: 0,
        creditBasedShaper: 0,
        maxTrafficClasses: 0,
        bandwidthPercent: Uint8Array.of(50, 50, 0, 0, 0, 0, 0, 0),
        ...ETS_TABLES,
      },
    );
  });

  it('the first byte holds willing, shaper and the number of classes', () => {
    const head = (byte: string) =>
      lldpEtsConfiguration.decode(parseHex(`fe190080c209${byte}${'00'.repeat(20)}`));
    expect(head('80')).toMatchObject({ willing: 1, creditBasedShaper: 0, maxTrafficClasses: 0 });
    expect(head('43')).toMatchObject({ willing: 0, creditBasedShaper: 1, maxTrafficClasses: 3 });
  });

  it('each priority has 4 bits of its own', () => {
    const value = lldpEtsRecommendation.decode(
      parseHex(`fe190080c20a00${'01234567'}${'00'.repeat(16)}`),
    );
    expect(Array.from({ length: 8 }, (_, i) => value[`priority${i as 0}`])).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7,
    ]);
  });

  it('ETS as recommended, the same frame', () => {
    checkFixedVector(
      lldpEtsRecommendation,
      'fe19 0080c2 0a 00 00010000 461e000000000000 0202000000000000',
      {
        kind: 'etsRecommendation',
        bandwidthPercent: Uint8Array.of(70, 30, 0, 0, 0, 0, 0, 0),
        ...ETS_TABLES,
      },
    );
  });

  it.each([
    [
      'the same frame: willing, 8 classes, priority 4',
      '8810',
      { willing: 1, capability: 8, enabled: 0x10 },
    ],
    [
      'dcbx/dcb_pfc.pcap, frame 2: priorities 2, 4 and 5',
      '0434',
      { willing: 0, capability: 4, enabled: 0x34 },
    ],
    ['MACsec bypass', '4800', { willing: 0, macsecBypass: 1, capability: 8, enabled: 0 }],
  ])('PFC: %s', (_name, hex, value) => {
    checkFixedVector(lldpPfcConfiguration, `fe06 0080c2 0b ${hex}`, {
      kind: 'pfcConfiguration',
      ...value,
    });
  });

  it('application priority: iSCSI at 4 (dcbx/lldp-app-priority.pcap); FCoE and FIP at 3', () => {
    checkFixedVector(applicationPriorityEntry, '84 0cbc', {
      priority: 4,
      selector: ApplicationSelector['TCP, SCTP, UDP or DCCP port'],
      protocolId: 3260,
    });
    checkVector(lldpApplicationPriority, 'fe08 0080c2 0c 00 840cbc', {
      kind: 'applicationPriority',
      applications: [{ priority: 4, selector: 4, protocolId: 0x0cbc }],
    });
    checkVector(lldpApplicationPriority, 'fe0b 0080c2 0c 00 618906 618914', {
      applications: [
        { priority: 3, selector: 1, protocolId: 0x8906 },
        { priority: 3, selector: 1, protocolId: 0x8914 },
      ],
    });
  });
});

describe('edge virtual bridging', () => {
  it('EVB of lldpad (network/lldpad-vdp-preassoc-assoc-deassoc.pcap, frame 13)', () => {
    // Reinit keep-alive 20, resource wait delay 20, retransmission exponent 8, three retries.
    checkFixedVector(lldpEvb, 'fe09 0080c2 0d 03 05 68 b4 34', {
      kind: 'evb',
      bridgeStatus: EvbBridgeStatus.RRCAP | EvbBridgeStatus.RRCTR,
      sgid: 0,
      rrreq: 1,
      rrstat: 1,
      retries: 3,
      retransmissionExponent: 8,
      evbMode: 2,
      remoteOrLocalWait: 1,
      resourceWaitDelay: 20,
      remoteOrLocalKeepAlive: 1,
      reinitKeepAlive: 20,
    });
    expect(EvbBridgeStatus).toEqual({ RRCTR: 1, RRCAP: 2, BGID: 4 });
  });

  it('EVB of another station (dcbx/evb.pcap, frame 4)', () => {
    checkFixedVector(lldpEvb, 'fe09 0080c2 0d 02 00 f4 5f 1f', {
      bridgeStatus: 2,
      sgid: 0,
      rrreq: 0,
      rrstat: 0,
      retries: 7,
      retransmissionExponent: 20,
      evbMode: 1,
      remoteOrLocalWait: 0,
      resourceWaitDelay: 31,
      remoteOrLocalKeepAlive: 0,
      reinitKeepAlive: 31,
    });
  });

  it('S-channels of 12 bits each (dcbx/evb.pcap, frame 4), and several', () => {
    checkFixedVector(sChannel, '00a0c8', { scid: 10, svid: 200 });
    checkVector(lldpCdcp, 'fe0b 0080c2 0e 00 0000a7 001001', {
      kind: 'cdcp',
      role: 0,
      sComponent: 0,
      channelCapacity: 167,
      channels: [{ scid: 1, svid: 1 }],
    });
    checkVector(lldpCdcp, 'fe0e 0080c2 0e 88 0000a7 001064 00a0c8', {
      role: 1,
      sComponent: 1,
      channelCapacity: 167,
      channels: [
        { scid: 1, svid: 100 },
        { scid: 10, svid: 200 },
      ],
    });
  });
});

it('frames of 1,518 bytes (field/16-lldp-odd.pcap, frame 7)', () => {
  checkFixedVector(lldpMaximumFrameSize, 'fe06 00120f 04 05ee', {
    kind: 'maximumFrameSize',
    maximumFrameSizeBytes: 1518,
  });
});

it('an organization without a layout keeps its bytes (dcbx/lldp-app-priority.pcap, frame 1)', () => {
  checkVector(lldpOrganizational, 'fe09 0026e1 02 6c65616630', {
    kind: 'organizational',
    oui: 0x00_26e1,
    subtype: 2,
    information: parseHex('6c65616630'),
  });
});

it('codes are those of tshark -G values', () => {
  // lldp.ieee.802_1.subtype, lldp.ieee.802_3.subtype, lldp.dcbx.ieee.ets.tsa0, lldp.dcbx.iee.app.sf.
  expect(Object.values(Ieee8021Subtype)).toEqual([1, 2, 3, 4, 8, 9, 10, 11, 12, 13, 14]);
  expect(Ieee8021Subtype).toMatchObject({
    'Congestion Notification': 8,
    'ETS Configuration': 9,
    'ETS Recommendation': 10,
    'Application Priority': 12,
  });
  expect(Object.values(Ieee8023Subtype)).toEqual([1, 2, 3, 4]);
  expect(Object.values(TransmissionSelection)).toEqual([0, 1, 2, 255]);
  expect(Object.values(ApplicationSelector)).toEqual([1, 2, 3, 4, 5]);
});
