/**
 * Ways to make frames, and ways to compute their CRC. All take the frames that come first in the
 * capture behind its logins, decoded, and make them anew, round and round; what they make was
 * compared with the capture before.
 */
import { crc32 } from 'node:zlib';
import { ETHERTYPE_FCOE, FC_AT, PAYLOAD_AT, TRAILER_BYTES } from './proof.mjs';

/** Frames that are kept: as many as come in this many bytes, behind so many logins. */
const KEPT_BYTES = 4 << 20;
const FIRST_KEPT = 2000;
/** Frames that are made in a pass. */
const FRAMES_MADE = 200_000;

/** The frames to make, decoded. */
async function decodedFrames({ capture, from }) {
  const { openCapture } = await from('capture');
  const { decodeFrame } = await from('codecs');
  const frames = [];
  let bytes = 0;
  for await (const batch of (await openCapture(capture)).frames) {
    for (const one of batch) {
      if (one.index < FIRST_KEPT) continue;
      frames.push(decodeFrame(one.bytes));
      bytes += one.bytes.length;
    }
    if (bytes >= KEPT_BYTES) break;
  }
  return frames;
}

/** The FCoE frames among them, as what a sender decides of each. */
async function fcoeInputs(options) {
  const { ethernet, fcHeader, fcoeHeader, fcoeTrailer, layerValue, vlanTag } =
    await options.from('codecs');
  const inputs = [];
  for (const frame of await decodedFrames(options)) {
    const header = layerValue(frame, fcHeader);
    if (frame.protocol === 'fip' || header === undefined) continue;
    const { bytes } = frame;
    const { destination, source } = layerValue(frame, ethernet);
    const { vid, priority } = layerValue(frame, vlanTag);
    const input = {
      destination,
      source,
      vlan: { vid, priority },
      sof: layerValue(frame, fcoeHeader).sof,
      eof: layerValue(frame, fcoeTrailer).eof,
      header,
      payload: bytes.subarray(PAYLOAD_AT, bytes.length - TRAILER_BYTES),
    };
    inputs.push({ input, bytes });
  }
  return inputs;
}

/** A pass that makes each input; `make` was seen to make the right bytes. */
function making(inputs, make) {
  for (const { input, bytes } of inputs) {
    if (Buffer.compare(make(input), bytes) !== 0) throw new Error('other bytes than the capture');
  }
  return async (proof) => {
    for (let i = 0; i < FRAMES_MADE; i++) proof.addMade(make(inputs[i % inputs.length].input));
  };
}

/** Typed layers to bytes, as they were decoded. */
async function encode(options) {
  const { encodeFrame } = await options.from('codecs');
  const frames = await decodedFrames(options);
  return making(
    frames.map((input) => ({ input, bytes: input.bytes })),
    (frame) => encodeFrame(frame),
  );
}

/** Typed layers to bytes, lengths and CRC computed anew. */
async function encodeRecompute(options) {
  const { encodeFrame } = await options.from('codecs');
  const frames = await decodedFrames(options);
  const recompute = { recompute: ['lengths', 'crc'] };
  return making(
    frames.map((input) => ({ input, bytes: input.bytes })),
    (frame) => encodeFrame(frame, recompute),
  );
}

/** Header and payload to a whole FCoE frame, every field checked, its CRC computed. */
async function encodeFcoe(options) {
  const { encodeFcoeFrame } = await options.from('codecs');
  const { plainRoomFor } = await options.from('machine');
  return making(await fcoeInputs(options), (input) => encodeFcoeFrame(input, plainRoomFor));
}

/** What somebody writes for these frames: fields by number, nothing checked. */
async function encodeByHand(options) {
  const macOf = (text) => Number.parseInt(text.replaceAll(':', ''), 16);
  const inputs = (await fcoeInputs(options)).map(({ input, bytes }) => ({
    input: { ...input, destination: macOf(input.destination), source: macOf(input.source) },
    bytes,
  }));
  return making(inputs, ({ destination, source, vlan, sof, eof, header, payload }) => {
    const crcAt = PAYLOAD_AT + payload.length;
    const frame = new Uint8Array(crcAt + TRAILER_BYTES);
    const view = new DataView(frame.buffer);
    view.setUint16(0, destination / 2 ** 32);
    view.setUint32(2, destination);
    view.setUint16(6, source / 2 ** 32);
    view.setUint32(8, source);
    view.setUint16(12, 0x8100);
    view.setUint16(14, (vlan.priority << 13) | vlan.vid);
    view.setUint16(16, ETHERTYPE_FCOE);
    view.setUint8(FC_AT - 1, sof);
    view.setUint32(FC_AT, (header.rCtl << 24) | header.dId);
    view.setUint32(FC_AT + 4, (header.csCtl << 24) | header.sId);
    view.setUint32(FC_AT + 8, (header.type << 24) | header.fCtl);
    view.setUint8(FC_AT + 12, header.seqId);
    view.setUint8(FC_AT + 13, header.dfCtl);
    view.setUint16(FC_AT + 14, header.seqCnt);
    view.setUint16(FC_AT + 16, header.oxId);
    view.setUint16(FC_AT + 18, header.rxId);
    view.setUint32(FC_AT + 20, header.parameter);
    frame.set(payload, PAYLOAD_AT);
    view.setUint32(crcAt, crc32(frame.subarray(FC_AT, crcAt)), true);
    view.setUint8(crcAt + 4, eof);
    return frame;
  });
}

/** binary-parser itself does not encode; a fork of it does. */
async function encodeBinaryParser(options) {
  const { Parser } = await import('binary-parser-encoder');
  const big = () => new Parser().endianess('big');
  const front = big()
    .buffer('destination', { length: 6 })
    .buffer('source', { length: 6 })
    .uint16('tpid')
    .bit3('priority')
    .bit1('dei')
    .bit12('vid')
    .uint16('etherType')
    .buffer('reserved', { length: 13 })
    .uint8('sof');
  const fc = big()
    .uint8('rCtl')
    .bit24('dId')
    .uint8('csCtl')
    .bit24('sId')
    .uint8('type')
    .bit24('fCtl')
    .uint8('seqId')
    .uint8('dfCtl')
    .uint16('seqCnt')
    .uint16('oxId')
    .uint16('rxId')
    .uint32('parameter');
  const trailer = big().uint32le('crc').uint8('eof').buffer('reserved', { length: 3 });
  const macOf = (text) => Buffer.from(text.replaceAll(':', ''), 'hex');
  const reserved = Buffer.alloc(13);
  const reserved3 = Buffer.alloc(3);
  const inputs = (await fcoeInputs(options)).map(({ input, bytes }) => ({
    input: {
      front: {
        destination: macOf(input.destination),
        source: macOf(input.source),
        tpid: 0x8100,
        priority: input.vlan.priority,
        dei: 0,
        vid: input.vlan.vid,
        etherType: ETHERTYPE_FCOE,
        reserved,
        sof: input.sof,
      },
      header: input.header,
      payload: input.payload,
      eof: input.eof,
    },
    bytes,
  }));
  return making(inputs, (one) => {
    const fcHead = fc.encode(one.header);
    const crc = crc32(one.payload, crc32(fcHead));
    const behind = trailer.encode({ crc, eof: one.eof, reserved: reserved3 });
    return Buffer.concat([front.encode(one.front), fcHead, one.payload, behind]);
  });
}

/** The CRC of each FC frame by `crcOf(bytes, at, end)`. */
function crcs(inputs, crcOf) {
  return async (proof) => {
    for (let i = 0; i < FRAMES_MADE; i++) {
      const { bytes } = inputs[i % inputs.length];
      const end = bytes.length - TRAILER_BYTES;
      const stored = bytes[end] | (bytes[end + 1] << 8) | (bytes[end + 2] << 16);
      if ((crcOf(bytes, FC_AT, end) & 0xff_ffff) === stored) proof.crcGood++;
      proof.frames++;
      proof.bytes += end - FC_AT;
    }
  };
}

async function crcOurs(options) {
  const { crc32: ours } = await options.from('codecs/crc32');
  return crcs(await fcoeInputs(options), ours);
}

async function crcTable(options) {
  const { crc32ByTable } = await options.from('codecs/crc32');
  return crcs(await fcoeInputs(options), crc32ByTable);
}

async function crcZlib(options) {
  return crcs(await fcoeInputs(options), (bytes, at, end) => crc32(bytes.subarray(at, end)));
}

/** What most people write: a table of 256, a byte a step. */
async function crcBytewise(options) {
  const table = Uint32Array.from({ length: 256 }, (_, i) => {
    let crc = i;
    for (let k = 0; k < 8; k++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb8_8320 : crc >>> 1;
    return crc;
  });
  return crcs(await fcoeInputs(options), (bytes, at, end) => {
    let crc = -1;
    for (let i = at; i < end; i++) crc = table[(crc ^ bytes[i]) & 0xff] ^ (crc >>> 8);
    return ~crc >>> 0;
  });
}

export const encoders = {
  encode,
  'encode-recompute': encodeRecompute,
  'encode-fcoe': encodeFcoe,
  'encode-by-hand': encodeByHand,
  'encode-binary-parser': encodeBinaryParser,
  'crc-ours': crcOurs,
  'crc-table': crcTable,
  'crc-zlib': crcZlib,
  'crc-bytewise': crcBytewise,
};
