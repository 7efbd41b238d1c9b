/** Ways to work through a capture. Each takes `{ capture, from }` and gives a pass over the file. */
import { EventEmitter } from 'node:events';
import { closeSync, createReadStream, openSync, readSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { ETHERTYPE_FCOE, FC_AT, PAYLOAD_AT, TRAILER_BYTES } from './proof.mjs';

/** Decoded frames count by their layers. */
async function proveDecoded(from) {
  const { fcHeader, fcpCmnd } = await from('codecs');
  return (proof, frame) => {
    proof.frames++;
    if (frame.malformed !== undefined) throw frame.malformed;
    if (frame.crc === 'good') proof.crcGood++;
    for (const layer of frame.layers) {
      if (layer.inside) continue;
      if (layer.codec === fcHeader)
        proof.addHeader(layer.value.dId, layer.value.sId, layer.value.oxId);
      else if (layer.codec === fcpCmnd) proof.addCommand(layer.value.fcpDl);
    }
  };
}

/** Every layer of every frame as typed objects, CRC checked. */
async function decode({ capture, from }) {
  const { scanCapture } = await from('capture');
  const { decodeFrame } = await from('codecs');
  const prove = await proveDecoded(from);
  return async (proof) => {
    await scanCapture(capture, ({ bytes, at, end, originalLength }) => {
      prove(proof, decodeFrame(bytes, { at, end, originalLength }));
    });
  };
}

/** The same, and each answer is joined with the request that it answers. */
async function decodeConversation({ capture, from }) {
  const { scanCapture } = await from('capture');
  const { Conversation, decodeFrame } = await from('codecs');
  const prove = await proveDecoded(from);
  return async (proof) => {
    const conversation = new Conversation();
    await scanCapture(capture, ({ bytes, at, end, originalLength }) => {
      prove(proof, decodeFrame(bytes, { at, end, originalLength, conversation }));
    });
  };
}

/** The same as `decode` from frames that stay valid: an object and an array for each. */
async function decodeKept({ capture, from }) {
  const { openCapture } = await from('capture');
  const { decodeFrame } = await from('codecs');
  const prove = await proveDecoded(from);
  return async (proof) => {
    for await (const batch of (await openCapture(capture)).frames) {
      for (const { bytes, originalLength } of batch)
        prove(proof, decodeFrame(bytes, { originalLength }));
    }
  };
}

/** The fields that the proof asks for, through views, CRC checked. */
async function views({ capture, from }) {
  const { scanCapture } = await from('capture');
  const { FrameScanner } = await from('codecs');
  return async (proof) => {
    const scanner = new FrameScanner();
    await scanCapture(capture, ({ bytes, at, end, originalLength }) => {
      proof.frames++;
      if (!scanner.scan(bytes, at, end, originalLength)) return;
      if (scanner.crc === 'good') proof.crcGood++;
      const { fc } = scanner;
      proof.addHeader(fc.dId, fc.sId, fc.oxId);
      if (scanner.unit === 'command') proof.addCommand(scanner.fcpDl);
    });
  };
}

/** Reading alone: the frames where they lie. */
async function read({ capture, from }) {
  const { scanCapture } = await from('capture');
  return async (proof) => {
    await scanCapture(capture, () => {
      proof.frames++;
    });
  };
}

const littleAt = (bytes, at) =>
  (bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24)) >>> 0;

/** Reading and the CRC, and nothing else: what no decoder in this process can do without. */
async function readCrc({ capture, from }) {
  const { scanCapture } = await from('capture');
  return async (proof) => {
    await scanCapture(capture, ({ bytes, at, end }) => {
      proof.frames++;
      if (((bytes[at + 16] << 8) | bytes[at + 17]) !== ETHERTYPE_FCOE) return;
      const crcAt = end - TRAILER_BYTES;
      if (crc32(bytes.subarray(at + FC_AT, crcAt)) === littleAt(bytes, crcAt)) proof.crcGood++;
    });
  };
}

/** pcap-parser on a file stream, its frames counted. It knows no nanosecond magic: that is hidden. */
async function pcapParser({ capture }) {
  const { parse } = await import('pcap-parser');
  return (proof) =>
    new Promise((done, fail) => {
      const input = new EventEmitter();
      const stream = createReadStream(capture, { highWaterMark: 1 << 20 });
      input.pause = () => {};
      input.resume = () => {};
      const parser = parse(input);
      parser.on('packet', () => {
        proof.frames++;
      });
      parser.on('error', fail);
      let first = true;
      stream.on('data', (chunk) => {
        if (first) chunk.writeUInt32LE(0xa1b2_c3d4, 0);
        first = false;
        input.emit('data', chunk);
      });
      stream.on('error', fail);
      stream.on('end', done);
    });
}

/** binary-parser as its documentation has it: the same headers, nested, for each frame. */
async function binaryParser({ capture, from }) {
  const { Parser } = await import('binary-parser');
  const { scanCapture } = await from('capture');
  const big = () => new Parser().endianess('big');
  const start = big()
    .buffer('destination', { length: 6 })
    .buffer('source', { length: 6 })
    .uint16('etherType')
    .nest('vlan', { type: big().bit3('priority').bit1('dei').bit12('vid').uint16('etherType') });
  const fcFrame = big()
    .nest('fcoe', { type: big().bit4('version').bit4('reserved').seek(12).uint8('sof') })
    .nest('fc', {
      type: big()
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
        .uint32('parameter'),
    });
  const trailer = big().uint32le('crc').uint8('eof').seek(3);
  const command = big()
    .uint64('lun')
    .uint8('crn')
    .uint8('taskAttribute')
    .uint8('taskManagementFlags')
    .uint8('flags')
    .buffer('cdb', { length: 16 })
    .uint32('fcpDl');
  return async (proof) => {
    await scanCapture(capture, ({ bytes, at, end }) => {
      proof.frames++;
      const { vlan } = start.parse(bytes.subarray(at, at + 18));
      if (vlan.etherType !== ETHERTYPE_FCOE) return;
      const { fc } = fcFrame.parse(bytes.subarray(at + 18, end));
      const { crc } = trailer.parse(bytes.subarray(end - TRAILER_BYTES, end));
      if (crc32(bytes.subarray(at + FC_AT, end - TRAILER_BYTES)) === crc) proof.crcGood++;
      proof.addHeader(fc.dId, fc.sId, fc.oxId);
      if (fc.rCtl === 6 && fc.type === 8)
        proof.addCommand(command.parse(bytes.subarray(at + PAYLOAD_AT, end)).fcpDl);
    });
  };
}

/** What somebody writes for this one capture: records, offsets and fields by number. */
async function byHand({ capture }) {
  const window = new Uint8Array(1 << 18);
  const view = new DataView(window.buffer);

  function decodeAt(proof, at, end) {
    proof.frames++;
    const etherType = view.getUint16(at + 16);
    if (etherType !== ETHERTYPE_FCOE) return;
    const fcAt = at + FC_AT;
    const crcAt = end - TRAILER_BYTES;
    const fc = {
      rCtl: view.getUint8(fcAt),
      dId: view.getUint32(fcAt) & 0xff_ffff,
      csCtl: view.getUint8(fcAt + 4),
      sId: view.getUint32(fcAt + 4) & 0xff_ffff,
      type: view.getUint8(fcAt + 8),
      fCtl: view.getUint32(fcAt + 8) & 0xff_ffff,
      seqId: view.getUint8(fcAt + 12),
      dfCtl: view.getUint8(fcAt + 13),
      seqCnt: view.getUint16(fcAt + 14),
      oxId: view.getUint16(fcAt + 16),
      rxId: view.getUint16(fcAt + 18),
      parameter: view.getUint32(fcAt + 20),
    };
    if (crc32(window.subarray(fcAt, crcAt)) === view.getUint32(crcAt, true)) proof.crcGood++;
    proof.addHeader(fc.dId, fc.sId, fc.oxId);
    if (fc.rCtl === 6 && fc.type === 8) proof.addCommand(view.getUint32(fcAt + 24 + 28));
  }

  return async (proof) => {
    const file = openSync(capture);
    let end = readSync(file, window, 0, window.length, null);
    let at = 24;
    for (;;) {
      while (end - at >= 16) {
        const next = at + 16 + view.getUint32(at + 8, true);
        if (next > end) break;
        decodeAt(proof, at + 16, next);
        at = next;
      }
      window.copyWithin(0, at, end);
      end -= at;
      at = 0;
      const count = readSync(file, window, end, window.length - end, null);
      if (count === 0) break;
      end += count;
    }
    closeSync(file);
  };
}

export const decoders = {
  decode,
  'decode-conversation': decodeConversation,
  'decode-kept': decodeKept,
  views,
  read,
  'read-crc': readCrc,
  'pcap-parser': pcapParser,
  'binary-parser': binaryParser,
  'by-hand': byHand,
};
