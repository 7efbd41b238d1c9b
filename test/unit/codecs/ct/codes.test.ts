import { describe, expect, test } from 'vitest';
import * as ct from '../../../../src/codecs/ct/index.ts';
import { formatHex, parseHex } from '../../../../src/codecs/layout/index.ts';

/** Codes as packet-fcdns.c has them. */
const NAME_SERVER =
  'GA_NXT 0100 GID_A 0101 GPN_ID 0112 GNN_ID 0113 GCS_ID 0114 GFT_ID 0117 GSPN_ID 0118 GPT_ID 011a GIPP_ID 011b GFPN_ID 011c ' +
  'GHA_ID 011d GFD_ID 011e GFF_ID 011f GID_PN 0121 GIPP_PN 012b GID_NN 0131 GPN_NN 0132 GIP_NN 0135 GIPA_NN 0136 GSNN_NN 0139 ' +
  'GNN_IP 0153 GIPA_IP 0156 GID_FT 0171 GPN_FT 0172 GNN_FT 0173 GID_PT 01a1 GID_IPP 01b1 GPN_IPP 01b2 GID_FF 01f1 RPN_ID 0212 ' +
  'RNN_ID 0213 RCS_ID 0214 RFT_ID 0217 RSPN_ID 0218 RPT_ID 021a RIPP_ID 021b RHA_ID 021d RFD_ID 021e RFF_ID 021f RIP_NN 0235 ' +
  'RSNN_NN 0239 DA_ID 0300 GE_ID 0410 GE_PN 0420 GE_NN 0430 GE_IP 0450 GE_FT 0470 GE_PT 04a0 GE_ZM 04b0 GE_ZN 04c0 GE_IPP 04d0 GE_FF 04e0';
/** fc_ms.h and lpfc_hw.h. */
const FDMI =
  'GRHL 0100 GHAT 0101 GRPL 0102 GPAT 0110 GPAS 0120 RHBA 0200 RHAT 0201 RPRT 0210 RPA 0211 DHBA 0300 DHAT 0301 DPRT 0310 DPA 0311';
/** packet-fcfzs.h. */
const ZONES =
  'GZC 0100 GEST 0111 GZSN 0112 GZD 0113 GZM 0114 GAZS 0115 GZS 0116 ADZS 0200 AZSD 0201 AZS 0202 DZS 0203 AZM 0204 AZD 0205 RZM 0300 RZD 0301 RZS 0302';
/** fc_ms.h of H. Reinecke's fc_els, "From T11.org FC-GS-7 Rev 10.0". */
const ENHANCED_ZONES =
  'GAR 0117 GZA 0120 GZAB 0121 GZSE 0122 GZDE 0123 GZME 0124 GZAL 0125 GAZSE 0126 GAL 0128 GAM 0129 GAPZ 012a GFEZ 0142 AZSDE 0211 ' +
  'AZSE 0212 DZSE 0213 CZS 0220 AZ 0221 AZME 0224 CZ 0225 CZA 0226 SZA 0227 SZAB 0228 CA 0229 AAM 022a AAPZ 022b SFEZ 0242 RZ 0321 ' +
  'RZME 0324 RAPZ 0325 RAM 032a DLZS 032b DLZ 032c DLA 032d DLZA 032e SSB 7ff9 SSE 7ffa CMIT 7ffb SPCMIT 7ffc';
/** packet-fcfcs.h. */
const CONFIGURATION =
  'GTIN 0100 GIEL 0101 GIET 0111 GDID 0112 GMID 0113 GFN 0114 GIELN 0115 GMAL 0116 GIEIL 0117 GPL 0118 GPT 0121 GPPN 0122 GAPNL 0124 ' +
  'GPS 0126 GATIN 0128 GPLNL 0191 GPLT 0192 GPLML 0193 GNPL 01a1 GPNL 01a2 GNID 01b1 RIELN 0215 RPL 0280 RPLN 0291 RPLT 0292 RPLM 0293 ' +
  'DPL 0380 DPLN 0391 DPLML 0393 GCAP e020';
/** lpfc_hw.h. */
const APPLICATION =
  'GAPPIA_ENT 0100 GALLAPPIA 0101 GALLAPPIA_ID 0102 GAPPIA_IDAPP 0103 RAPP_IDENT 0200 DAPP_IDENT 0300 DALLAPP_ID 0301';

const codesOf = (text: string): [string, number][] => {
  const words = text.split(' ');
  return words.flatMap((word, i) =>
    i % 2 === 0 ? [[word, Number.parseInt(words[i + 1]!, 16)] as [string, number]] : [],
  );
};

const SERVERS = [
  { gsType: 0xfc, gsSubtype: 0x02, codes: NAME_SERVER, table: ct.NameServerCommand },
  { gsType: 0xfa, gsSubtype: 0x02, codes: NAME_SERVER, table: ct.NameServerCommand },
  { gsType: 0xfa, gsSubtype: 0x10, codes: FDMI, table: ct.FdmiCommand },
  { gsType: 0xfa, gsSubtype: 0x03, codes: ZONES, table: ct.ZoneCommand },
  { gsType: 0xfa, gsSubtype: 0x03, codes: ENHANCED_ZONES, table: ct.EnhancedZoneCommand },
  { gsType: 0xfa, gsSubtype: 0x01, codes: CONFIGURATION, table: ct.ConfigurationCommand },
  { gsType: 0xfa, gsSubtype: 0x20, codes: APPLICATION, table: ct.ApplicationCommand },
] as const;

describe('CT codes', () => {
  test.each(SERVERS)('server $gsType/$gsSubtype', ({ gsType, gsSubtype, codes, table }) => {
    expect(Object.entries(table)).toEqual(codesOf(codes));
    for (const [name, command] of codesOf(codes)) {
      expect(ct.ctCommandName(gsType, gsSubtype, command)).toBe(name);
      expect(ct.ctRequests[name as keyof typeof ct.ctRequests].kind).toBe(name);
      expect(ct.ctAccept(gsType, gsSubtype, command).kind).toBe(`CT_ACC ${name}`);
    }
  });

  test('reasons: fc_gs.h and bfa_fc.h', () => {
    expect(Object.values(ct.CtReason)).toEqual([1, 2, 3, 4, 5, 7, 9, 0x0b, 0x0d, 0x0e, 0xff]);
  });

  test('FDMI attributes: fc_ms.h', () => {
    expect(Object.values(ct.HbaAttributeType)).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 0xe0,
    ]);
    expect(Object.values(ct.PortAttributeType)).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 0x101, 0x102, 0x103,
    ]);
    for (const [kind, type] of Object.entries(ct.HbaAttributeType)) {
      const bytes = Uint8Array.of(type >> 8, type, 0, 12, 1, 2, 3, 4, 5, 6, 7, 8);
      expect(ct.hbaAttribute.decode(bytes).kind).toBe(kind);
    }
  });

  test('names of refusals depend on the server', () => {
    expect(ct.ctExplanationName(0xfc, 2, 0x10)).toBe('ACCESS_DENIED');
    expect(ct.ctExplanationName(0xfa, 3, 0x10)).toBe('ZONE_SET_NAME_UNKNOWN');
    expect(ct.ctExplanationName(0xfa, 1, 0x10)).toBe('INTERCONNECT_ELEMENT_LIST_NOT_AVAILABLE');
    expect(ct.ctExplanationName(0xfa, 0x20, 0x40)).toBe('APPLICATION_ID_NOT_AVAILABLE');
    expect(ct.ctExplanationName(0xf7, 0, 1)).toBeUndefined();
  });
});

describe('CT messages', () => {
  test('Linux sends GPN_FT, RFT_ID and RFF_ID so (fabric-advloss.pcap, esxi-cisco)', () => {
    expect(formatHex(ct.gpnFt.encode({ fc4Type: 8 }))).toBe(
      '01000000fc020000017200000000000000000008',
    );
    const fc4Types = ct.fc4TypeMap([0x08, 0x20]);
    expect(formatHex(ct.rftId.encode({ portId: 0x01_0e01, fc4Types }))).toBe(
      `01000000fc020000021700000000000000010e010000010000000001${'00'.repeat(24)}`,
    );
    expect(formatHex(ct.rffId.encode({ portId: 0x01_0001, fc4Features: 2, fc4Type: 8 }))).toBe(
      '01000000fc020000021f0000000000000001000100000208',
    );
  });

  test('the unzoned name server is asked the same', () => {
    const asked = parseHex('01000000fa020000017200000000000000000008');
    const value = ct.ctRequest.decode(asked);
    expect(value.kind).toBe('GPN_FT');
    expect(value).toMatchObject({ preamble: { gsType: 0xfa, gsSubtype: 2 } });
    expect(formatHex(ct.ctRequest.encode(value))).toBe(formatHex(asked));
  });

  test('a list ends at its last entry, whatever follows', () => {
    const entry = '80010e01';
    const bytes = parseHex(`01000000fc0200008002000000000000${entry}00ffffff`);
    const value = ct.gidFtAccept.decode(bytes);
    expect(value.ports).toHaveLength(1);
    expect(formatHex(value.trailing!)).toBe('00ffffff');
    expect(formatHex(ct.gidFtAccept.encode(value))).toBe(formatHex(bytes));
  });

  test('a refusal goes back the way the request came', () => {
    const { preamble } = ct.gpnId.decode(ct.gpnId.encode({ portId: 1 }));
    const reject = ct.ctRejectFor(preamble, 9, 1);
    // fabric-move-same.pcap, frame 696: the same refusal.
    expect(formatHex(ct.ctReject.encode(reject))).toBe('01000000fc0200008001000000090100');
  });

  test('sizes: GA_NXT accept 636 bytes, RFT_ID 52, VMID registration as lpfc sends it', () => {
    expect(ct.gaNxtAccept.minBytes).toBe(636);
    expect(ct.rftId.minBytes).toBe(52);
    const rapp = ct.rappIdent.encode({ portId: 1, entities: [{ identifier: 'a-uuid' }] });
    expect(rapp.length).toBe(16 + 4 + 4 + 256);
    expect(rapp[24]).toBe(6);
    const value = ct.rappIdent.decode(rapp);
    expect(value.entities[0]?.identifier.replace(/\0+$/, '')).toBe('a-uuid');
  });

  test('GFEZ as san_zoning asks and reads it: flags, 3 reserved bytes, a count, switches', () => {
    expect(formatHex(ct.gfez.encode({}))).toBe('01000000fa0300000142000000000000');
    const accept = parseHex(
      '01000000fa0300008002000000000000' +
        '80000001' +
        '00000002' +
        '10000000c9aabb0140000000' +
        '10000000c9aabb0200000000',
    );
    const value = ct.gfezAccept.decode(accept);
    expect(value).toMatchObject({
      flags: 0x8000_0001,
      entryCount: 2,
      entries: [
        { switchName: 0x1000_0000_c9aa_bb01n, flags: 0x4000_0000 },
        { switchName: 0x1000_0000_c9aa_bb02n, flags: 0 },
      ],
    });
    expect(formatHex(ct.gfezAccept.encode({ flags: 0x8000_0001, entries: value.entries }))).toBe(
      formatHex(accept),
    );
  });

  test('lpfc finds in a DAPP_IDENT accept what was removed behind a count', () => {
    const removed = `00010e0100000007066d2d75756964${'00'.repeat(264 - 15)}`;
    const bytes = parseHex(`01000000fa200000800200000000000000000001${removed}`);
    const value = ct.dappIdentAccept.decode(bytes);
    expect(value.applications).toHaveLength(1);
    expect(value.applications[0]).toMatchObject({ portId: 0x01_0e01, applicationId: 7 });
    expect(value.applications[0]?.identifierLengthBytes).toBe(6);
    expect(formatHex(ct.dappIdentAccept.encode(value))).toBe(formatHex(bytes));
  });

  test('no two servers have a request of one name', () => {
    const all = [
      ct.nameServerRequests,
      ct.fdmiRequests,
      ct.zoneRequests,
      ct.enhancedZoneRequests,
      ct.configurationRequests,
      ct.applicationRequests,
    ].flatMap((requests) => Object.keys(requests));
    expect(Object.keys(ct.ctRequests)).toHaveLength(all.length + 1);
    expect(new Set(all).size).toBe(all.length);
  });

  test('FC-4 type maps: FCP is bit 8 of word 0, NVMe bit 8 of word 1', () => {
    expect(formatHex(ct.fc4TypeMap([8]).subarray(0, 8))).toBe('0000010000000000');
    expect(formatHex(ct.fc4TypeMap([0x28]).subarray(0, 8))).toBe('0000000000000100');
    expect(ct.fc4TypesOf(ct.fc4TypeMap([0x28, 8, 255, 0]))).toEqual([0, 8, 0x28, 255]);
    expect(() => ct.fc4TypeMap([256])).toThrow(RangeError);
  });

  test('names are filled up to whole words', () => {
    expect(formatHex(ct.azs.encode({ name: 'seta5' })).slice(32)).toBe('050000007365746135000000');
  });
});
