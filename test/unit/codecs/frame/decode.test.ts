import { describe, expect, it } from 'vitest';
import {
  Conversation,
  type DecodeOptions,
  decodeFrame,
  detailLines,
  Eof,
  encHeader,
  encodeFcoeFrame,
  encodeFrame,
  type Frame,
  fcHeader,
  fcpCmnd,
  fcTrailer,
  fipMessage,
  hexLines,
  hexRuns,
  ifrHeader,
  type LayerName,
  LinkType,
  layerOf,
  layerValue,
  parseHex,
  rejectParameter,
  Sof,
  summarize,
  vftHeader,
} from '../../../../src/codecs/index.ts';
import { concat } from '../../../helpers/capture.ts';

const ADDRESSES = { destination: '02:fc:f0:00:00:01', source: '0e:fc:00:01:0e:01' };
const COMMAND = { rCtl: 6, dId: 0x02_0001, sId: 0x01_0e01, type: 8, fCtl: 0x29_0000, oxId: 0x12 };

type Header = Parameters<typeof fcHeader.encode>[0];

function fcoe(header: Header, payload: Uint8Array, sof: number = Sof.SOFi3): Uint8Array {
  return encodeFcoeFrame({ ...ADDRESSES, sof, eof: Eof.EOFt, header, payload });
}

/** READ(10) of 8 blocks at LBA 0x1234, LUN 0. */
const READ = fcpCmnd.encode({
  lun: 0n,
  rddata: 1,
  cdb: parseHex('28 00 00001234 00 0008 00'),
  fcpDl: 4096,
});

const names = (frame: Frame): LayerName[] => frame.layers.map((one) => one.layer);

/** Plain layers tile the frame: none overlaps, none is missing. */
function expectTiles(frame: Frame): void {
  let at = 0;
  for (const { offset, length, inside } of frame.layers) {
    if (inside) continue;
    expect(offset).toBe(at);
    at += length;
  }
  expect(at).toBe(frame.bytes.length);
}

function expectLossless(bytes: Uint8Array, options: DecodeOptions = {}): Frame {
  const frame = decodeFrame(bytes, options);
  expectTiles(frame);
  expect(encodeFrame(frame)).toEqual(bytes);
  return frame;
}

describe('decodeFrame', () => {
  it('takes an FCP_CMND apart, CDB included', () => {
    const frame = expectLossless(fcoe(COMMAND, READ));
    expect(names(frame)).toEqual(['ethernet', 'fcoe', 'fc', 'fcp', 'scsi', 'fcoe-trailer']);
    expect(frame).toMatchObject({ protocol: 'fcp', crc: 'good', cut: false, malformed: undefined });
    expect(layerOf(frame, 'scsi')).toMatchObject({
      inside: true,
      offset: 14 + 14 + 24 + 12,
      length: 10,
      value: { kind: 'READ(10)', lba: 0x1234, transferLengthBlocks: 8 },
    });
    expect(layerValue(frame, fcHeader)?.oxId).toBe(0x12);
  });

  it('reads answers by the requests before them', () => {
    const conversation = new Conversation();
    decodeFrame(fcoe(COMMAND, READ), { conversation });
    const back = { ...COMMAND, rCtl: 7, sId: COMMAND.dId, dId: COMMAND.sId, fCtl: 0x99_0000 };
    const frame = decodeFrame(fcoe(back, new Uint8Array(24)), { conversation });
    expect(frame.exchange?.command).toMatchObject({ name: 'READ(10)', lun: 0n, fcpDl: 4096 });
    expect(decodeFrame(fcoe(back, new Uint8Array(24))).exchange).toBeUndefined();
  });

  it('says when the CRC is bad, and keeps it', () => {
    const bytes = fcoe(COMMAND, READ);
    bytes[60]! ^= 1;
    expect(expectLossless(bytes).crc).toBe('bad');
    expect(decodeFrame(bytes, { checkCrc: false }).crc).toBe('absent');
  });

  it('reads a part of a larger array', () => {
    const bytes = fcoe(COMMAND, READ);
    const larger = concat([new Uint8Array(5).fill(0xee), bytes, new Uint8Array(3).fill(0xee)]);
    const frame = decodeFrame(larger, { at: 5, end: 5 + bytes.length });
    expect(frame.crc).toBe('good');
    expect(frame.layers[0]?.offset).toBe(5);
    expect(encodeFrame(frame)).toEqual(bytes);
  });

  it('keeps an Ethernet FCS that the capture left on', () => {
    const frame = expectLossless(concat([fcoe(COMMAND, READ), parseHex('a1b2c3d4')]));
    expect(frame.crc).toBe('good');
    expect(names(frame).at(-1)).toBe('pad');
  });

  it('reads what a cut capture kept, and calls nothing of it malformed', () => {
    const bytes = fcoe(COMMAND, READ);
    for (let length = 0; length < bytes.length; length++) {
      const frame = expectLossless(bytes.subarray(0, length), { originalLength: bytes.length });
      expect(frame).toMatchObject({ cut: true, crc: 'absent', malformed: undefined });
      if (length >= 14 + 14 + 24) expect(layerValue(frame, fcHeader)?.oxId).toBe(0x12);
    }
  });

  it('calls a short frame malformed', () => {
    const bytes = fcoe(COMMAND, READ);
    for (let length = 0; length < 14 + 14 + 24 + 8; length++) {
      expect(expectLossless(bytes.subarray(0, length)).malformed?.fault).toBe('truncated');
    }
  });

  it('keeps a malformed payload and the trailer behind it', () => {
    const frame = expectLossless(fcoe(COMMAND, new Uint8Array(8)));
    expect(names(frame)).toEqual(['ethernet', 'fcoe', 'fc', 'raw', 'fcoe-trailer']);
    expect(frame.malformed).toMatchObject({ fault: 'truncated', layer: 'FCP_CMND' });
    expect(frame.crc).toBe('good');
  });

  it('shows the ELS in a FIP descriptor without counting it twice', () => {
    const header = { rCtl: 0x22, dId: 0xff_fffe, sId: 0, type: 1, fCtl: 0x29_0000, oxId: 1 };
    const logo = concat([parseHex('05000000 00010e01'), parseHex('2000001b21847463')]);
    const message = fipMessage.encode({
      operation: 2,
      subcode: 1,
      descriptors: [
        {
          kind: 'logo',
          header: fcHeader.decode(fcHeader.encode(header)),
          payload: logo,
        },
        { kind: 'mac', mac: ADDRESSES.source },
      ],
    });
    const bytes = concat([parseHex('02fcf0000001 0efc00010e01 8914'), message]);
    const conversation = new Conversation();
    const frame = expectLossless(bytes, { conversation });
    expect(names(frame)).toEqual(['ethernet', 'fip', 'fc', 'els']);
    expect(layerOf(frame, 'els')).toMatchObject({
      offset: 14 + 10 + 4 + 24,
      length: 16,
      value: { kind: 'LOGO', nPortId: 0x01_0e01, portName: 0x2000_001b_2184_7463n },
    });
    expect(conversation.find(0, 0xff_fffe, 1)?.code).toBe(5);
  });

  it('reads SW_ILS requests and the replies to them', () => {
    const conversation = new Conversation();
    const request = { ...COMMAND, rCtl: 2, type: 0x22, dId: 0xff_fffd, sId: 0xff_fffd };
    const asked = fcoe(request, parseHex('17000000'), Sof.SOFf);
    expect(summarize(expectLossless(asked, { conversation }))).toMatch(/^BF fffffd → fffffd/);
    const back = { ...request, rCtl: 3, fCtl: 0x99_0000 };
    const rejected = expectLossless(fcoe(back, parseHex('01000000 00050000'), Sof.SOFf), {
      conversation,
    });
    expect(rejected.protocol).toBe('swils');
    expect(summarize(rejected)).toBe('SW_RJT (BF) fffffd → fffffd OX_ID 0012 logical busy');
    const accepted = fcoe(back, parseHex('02000000'), Sof.SOFf);
    expect(summarize(expectLossless(accepted, { conversation }))).toMatch(/^SW_ACC \(BF\)/);
  });

  it('reads FC-NVMe information units', () => {
    const header = { ...COMMAND, rCtl: 5, type: 0x28 };
    const ready = fcoe(header, parseHex('00000000 00001000 00000000'));
    expect(expectLossless(ready)).toMatchObject({ protocol: 'nvme', malformed: undefined });
    expect(summarize(decodeFrame(ready))).toMatch(/^NVMe_XFER_RDY/);
  });

  it('takes frames of a longer sequence as pieces', () => {
    const read = { ...COMMAND, rCtl: 1, fCtl: 0x80_0008, seqCnt: 1, parameter: 2048 };
    const frame = expectLossless(fcoe(read, new Uint8Array(512), Sof.SOFn3));
    expect(names(frame)).toContain('data');
    const request = { ...COMMAND, rCtl: 0x22, type: 1, fCtl: 0x20_0000 };
    const first = expectLossless(fcoe(request, parseHex('04000000')));
    expect(first.malformed).toBeUndefined();
    expect(names(first)).toContain('data');
  });

  it('reads extended headers, optional headers and link control', () => {
    const inner = fcHeader.encode({ ...COMMAND, dfCtl: 0x21 });
    const vft = vftHeader.encode({ vfId: 100 });
    const ifr = ifrHeader.encode({ dfId: 1, sfId: 2 });
    const body = concat([vft, ifr, inner, new Uint8Array(16 + 16), READ]);
    const frame = expectLossless(body, { linkType: LinkType.FC_2 });
    expect(names(frame)).toEqual([
      'vft',
      'ifr',
      'fc',
      'optional-header',
      'optional-header',
      'fcp',
      'scsi',
    ]);
    const reject = { ...COMMAND, rCtl: 0xc3, parameter: 0x0216_0000 };
    const rejected = expectLossless(fcoe(reject, new Uint8Array(0)));
    expect(rejected.protocol).toBe('link-control');
    expect(layerValue(rejected, rejectParameter)?.reason).toBe(0x16);
  });

  it('leaves what an ESP_Header of the link protects alone, the FC header too', () => {
    const esp = new Uint8Array(8);
    const hidden = new Uint8Array(24).fill(0x5a);
    const vft = vftHeader.encode({ vfId: 100, espFollows: 1 });
    const tagged = expectLossless(concat([vft, esp, hidden]), { linkType: LinkType.FC_2 });
    expect(names(tagged)).toEqual(['vft', 'optional-header', 'payload']);
    const enc = encHeader.encode({ ...COMMAND, rCtl: 0x52, dfCtl: 0x40 });
    const between = expectLossless(concat([enc, esp, hidden]), { linkType: LinkType.FC_2 });
    expect(names(between)).toEqual(['enc', 'optional-header', 'payload']);
  });

  it('leaves what an ESP_Header protects alone', () => {
    const frame = expectLossless(fcoe({ ...COMMAND, dfCtl: 0x40 }, new Uint8Array(40)));
    expect(names(frame).slice(3, 5)).toEqual(['optional-header', 'payload']);
  });

  it('reads native FC with delimiters: CRC least significant byte first', () => {
    // fixtures/native-read.pcap, frame 1; tshark says of its CRC (a7 22 89 a0): correct.
    const bytes = parseHex(`bcb55656 06010e02 00010e01 08290000 00000000 0010ffff 00000000
      0000000000000000 00000002 28000000006400000200000000000000 00000400 a72289a0 bc957575`);
    const options = { linkType: LinkType.FC_2_WITH_FRAME_DELIMS };
    const frame = expectLossless(bytes, options);
    expect(names(frame)).toEqual(['sof', 'fc', 'fcp', 'scsi', 'fc-trailer']);
    expect(frame.crc).toBe('good');
    expect(layerValue(frame, fcTrailer)).toEqual({ crc: 0xa089_22a7, eof: 0xbc95_7575 });
    const recomputed = { recompute: ['crc'] } as const;
    expect(encodeFrame(frame, recomputed)).toEqual(bytes);
    const reversed = bytes.slice();
    reversed.set(parseHex('a08922a7'), 60);
    expect(decodeFrame(reversed, options).crc).toBe('bad');
  });

  it('passes unknown EtherTypes, 802.3 lengths and link types through', () => {
    const head = '010203040506 0708090a0b0c';
    expect(names(expectLossless(parseHex(`${head} 9999 0102`)))).toEqual(['ethernet', 'payload']);
    expect(names(expectLossless(parseHex(`${head} 0003 424203`)))).toEqual(['ethernet', 'llc']);
    expect(names(expectLossless(parseHex('0102'), { linkType: 147 }))).toEqual(['payload']);
    expect(names(expectLossless(new Uint8Array(0)))).toEqual([]);
  });

  it('reads S-VLAN, VN-Tag and C-VLAN tags in front of FCoE', () => {
    const inner = fcoe(COMMAND, READ).subarray(12);
    const head = parseHex('02fcf0000001 0efc00010e01 8926 40050006 88a8 6064 8100 6065');
    const frame = expectLossless(concat([head, inner]));
    expect(names(frame).slice(0, 5)).toEqual(['ethernet', 'vn-tag', 'vlan', 'vlan', 'fcoe']);
    expect(frame).toMatchObject({ crc: 'good', protocol: 'fcp' });
  });

  it('does not follow tags without end', () => {
    const tags = '8100 0001 '.repeat(200);
    const frame = expectLossless(parseHex(`010203040506 0708090a0b0c ${tags} 8906`));
    expect(names(frame).filter((one) => one === 'vlan').length).toBeLessThan(20);
  });
});

describe('encodeFrame', () => {
  it('changes the bytes of a changed layer and nothing else', () => {
    const bytes = fcoe(COMMAND, READ);
    const frame = decodeFrame(bytes);
    const layers = frame.layers.map((one) =>
      one.layer === 'fc' ? { ...one, value: { ...(one.value as Header), oxId: 0x99 } } : one,
    );
    const changed = encodeFrame({ layers });
    const differing = [...changed].flatMap((byte, i) => (byte === bytes[i] ? [] : [i]));
    expect(differing).toEqual([14 + 14 + 17]);
    expect(decodeFrame(changed).crc).toBe('bad');
    const good = encodeFrame({ layers }, { recompute: ['crc'] });
    expect(decodeFrame(good)).toMatchObject({ crc: 'good' });
    expect(good).toEqual(fcoe({ ...COMMAND, oxId: 0x99 }, READ));
  });

  it('derives lengths and fill bytes anew when asked', () => {
    const frame = decodeFrame(fcoe(COMMAND, READ));
    const layers = frame.layers.map((one) =>
      one.layer === 'fcp' ? { ...one, codec: fcpCmnd, value: { ...(one.value as object) } } : one,
    );
    const fcp = layers.find((one) => one.layer === 'fcp')!;
    Object.assign(fcp.value as object, {
      additionalCdb: new Uint8Array(4),
      trailing: Uint8Array.of(1),
    });
    const longer = decodeFrame(encodeFrame({ layers }, { recompute: ['crc', 'lengths'] }));
    expect(longer.crc).toBe('good');
    expect(layerValue(longer, fcpCmnd)).toMatchObject({ additionalCdbLengthWords: 1 });
    expect(layerValue(longer, fcHeader)!.fCtl & 3).toBe(3);
    expect(layerOf(longer, 'fill')?.length).toBe(3);
    expect(layerOf(longer, 'fcp')?.length).toBe(32 + 4 + 1);
  });

  it('gives a frame back unchanged when everything is computed anew', () => {
    const bytes = fcoe(COMMAND, concat([READ, new Uint8Array(3)]));
    expect(encodeFrame(decodeFrame(bytes), { recompute: ['crc', 'lengths'] })).toEqual(bytes);
  });
});

describe('summarize', () => {
  const where = '010e01 → 020001 OX_ID 0012';

  it.each([
    ['a command', COMMAND, READ, `SCSI READ(10) ${where} LUN 0 LBA 0x1234 length 8`],
    [
      'task management',
      COMMAND,
      fcpCmnd.encode({ lun: 1n << 48n, taskManagementFlags: 0x10 }),
      `FCP task management LOGICAL UNIT RESET ${where} LUN 1`,
    ],
    [
      'XFER_RDY',
      { ...COMMAND, rCtl: 5 },
      parseHex('00000000 00002000 00000000'),
      `XFER_RDY ${where} offset 0 burst 8192`,
    ],
    [
      'CHECK CONDITION',
      { ...COMMAND, rCtl: 7 },
      parseHex(`0000000000000000 0000 02 02 00000000 00000012 00000000
        70 00 06 00000000 0a 00000000 29 07 00 000000`),
      `FCP_RSP CHECK CONDITION ${where} UNIT ATTENTION 29/07 I_T NEXUS LOSS OCCURRED`,
    ],
    [
      'ABTS of an exchange',
      { ...COMMAND, rCtl: 0x81, type: 0 },
      new Uint8Array(0),
      `ABTS ${where} aborts exchange`,
    ],
    [
      'ABTS of a sequence',
      { ...COMMAND, rCtl: 0x81, type: 0, parameter: 1 },
      new Uint8Array(0),
      `ABTS ${where} aborts sequence`,
    ],
    [
      'BA_RJT',
      { ...COMMAND, rCtl: 0x85, type: 0 },
      parseHex('00030300'),
      `BA_RJT ${where} logical error, invalid OX_ID-RX_ID combination`,
    ],
    [
      'LS_RJT',
      { ...COMMAND, rCtl: 0x23, type: 1, fCtl: 0x99_0000 },
      parseHex('01000000 00 03 0d 00'),
      `LS_RJT ${where} logical error, invalid port name`,
    ],
    [
      'F_RJT',
      { ...COMMAND, rCtl: 0xc3, parameter: 0x0216_0000 },
      new Uint8Array(0),
      `F_RJT ${where} login required`,
    ],
  ] as const)('%s', (_name, header, payload, expected) => {
    expect(summarize(decodeFrame(fcoe(header, payload)))).toBe(expected);
  });

  it('says what is wrong with a frame', () => {
    const bytes = fcoe(COMMAND, READ);
    bytes[bytes.length - 4] = Eof.EOFni;
    bytes[bytes.length - 5]! ^= 0xff;
    expect(summarize(decodeFrame(bytes))).toMatch(/\[EOFni\] \[bad FC CRC\]$/);
    expect(summarize(decodeFrame(fcoe(COMMAND, new Uint8Array(4))))).toContain(
      '[malformed: FCP_CMND',
    );
    const cut = decodeFrame(bytes.subarray(0, 60), { originalLength: bytes.length });
    expect(summarize(cut)).toMatch(/\[cut\]$/);
  });
});

describe('details', () => {
  const frame = decodeFrame(fcoe(COMMAND, READ));

  it('list every field under its layer', () => {
    const lines = detailLines(frame);
    expect(lines[0]).toBe('Ethernet, bytes 0-13');
    expect(lines).toContain('  etherType: FCoE (0x8906)');
    expect(lines).toContain('SCSI CDB (inside), bytes 64-73');
    expect(lines).toContain('  fCtl: 0x290000 (First_Sequence End_Sequence Sequence Initiative)');
  });

  it('give every byte of the frame to a field, once', () => {
    let at = 0;
    for (const { offset, bytes } of hexRuns(frame)) {
      expect(offset).toBe(at);
      at += bytes.length;
    }
    expect(at).toBe(frame.bytes.length);
    const digits = hexLines(frame)
      .map((one) => one.slice(6, 6 + 47).replaceAll(' ', ''))
      .join('');
    expect(parseHex(digits)).toEqual(frame.bytes);
    expect(hexLines(frame)[0]).toBe(
      `0000  02 fc f0 00 00 01${' '.repeat(32)}ethernet.destination 02:fc:f0:00:00:01`,
    );
  });
});
