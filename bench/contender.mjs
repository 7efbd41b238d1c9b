/**
 * One way to work through a capture, in a process of its own, so that its memory and its compiled
 * code are its own: `node bench/contender.mjs NAME CAPTURE PASSES LIBRARY`, where LIBRARY is the
 * folder of the compiled library. Prints JSON: processor and wall time of each pass in nanoseconds,
 * the most memory that was resident, and a proof of the work: every contender of a kind must come
 * to the same.
 */
import { EventEmitter } from 'node:events';
import { closeSync, createReadStream, openSync, readSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { crc32 } from 'node:zlib';

const [name, capture, passes, library] = process.argv.slice(2);
const from = (folder) => import(pathToFileURL(resolve(library, folder, 'index.js')).href);

const ETHERTYPE_FCOE = 0x8906;
/** Where the FC header of a frame with one VLAN tag begins, and where its CRC does from the end. */
const FC_AT = 32;
const TRAILER_BYTES = 8;

/** What the contenders must agree on. */
class Proof {
  frames = 0;
  fcFrames = 0;
  crcGood = 0;
  addresses = 0;
  oxIds = 0;
  commands = 0;
  commandBytes = 0;

  addHeader(dId, sId, oxId) {
    this.fcFrames++;
    this.addresses += dId - sId;
    this.oxIds += oxId;
  }

  addCommand(bytes) {
    this.commands++;
    this.commandBytes += bytes;
  }
}

/** Decoded frames count by their layers. */
async function proveDecoded() {
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
async function decode() {
  const { scanCapture } = await from('capture');
  const { decodeFrame } = await from('codecs');
  const prove = await proveDecoded();
  return async (proof) => {
    await scanCapture(capture, ({ bytes, at, end, originalLength }) => {
      prove(proof, decodeFrame(bytes, { at, end, originalLength }));
    });
  };
}

/** The same, and each answer is joined with the request that it answers. */
async function decodeConversation() {
  const { scanCapture } = await from('capture');
  const { Conversation, decodeFrame } = await from('codecs');
  const prove = await proveDecoded();
  return async (proof) => {
    const conversation = new Conversation();
    await scanCapture(capture, ({ bytes, at, end, originalLength }) => {
      prove(proof, decodeFrame(bytes, { at, end, originalLength, conversation }));
    });
  };
}

/** The same as `decode` from frames that stay valid: an object and an array for each. */
async function decodeKept() {
  const { openCapture } = await from('capture');
  const { decodeFrame } = await from('codecs');
  const prove = await proveDecoded();
  return async (proof) => {
    for await (const batch of (await openCapture(capture)).frames) {
      for (const { bytes, originalLength } of batch)
        prove(proof, decodeFrame(bytes, { originalLength }));
    }
  };
}

/** The fields that the proof asks for, through views, CRC checked. */
async function views() {
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
async function read() {
  const { scanCapture } = await from('capture');
  return async (proof) => {
    await scanCapture(capture, () => {
      proof.frames++;
    });
  };
}

/** Reading and the CRC, and nothing else: what no decoder in this process can do without. */
async function readCrc() {
  const { scanCapture } = await from('capture');
  return async (proof) => {
    await scanCapture(capture, ({ bytes, at, end }) => {
      proof.frames++;
      if (((bytes[at + 16] << 8) | bytes[at + 17]) !== ETHERTYPE_FCOE) return;
      const crcAt = end - TRAILER_BYTES;
      if (crc32(bytes.subarray(at + FC_AT, crcAt)) === crcAtLittle(bytes, crcAt)) proof.crcGood++;
    });
  };
}

const crcAtLittle = (bytes, at) =>
  (bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24)) >>> 0;

/** pcap-parser on a file stream, its frames counted. It knows no nanosecond magic: that is hidden. */
async function pcapParser() {
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
async function binaryParser() {
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
        proof.addCommand(command.parse(bytes.subarray(at + FC_AT + 24, end)).fcpDl);
    });
  };
}

/** What somebody writes for this one capture: records, offsets and fields by number. */
async function byHand() {
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

/** Frames that are kept for the encoders: as many as come in this many bytes. */
const KEPT_BYTES = 4 << 20;

/** The first frames of the capture behind its logins, decoded. */
async function decodedFrames() {
  const { openCapture } = await from('capture');
  const { decodeFrame } = await from('codecs');
  const frames = [];
  let bytes = 0;
  for await (const batch of (await openCapture(capture)).frames) {
    for (const one of batch) {
      if (one.index < 2000) continue;
      frames.push(decodeFrame(one.bytes));
      bytes += one.bytes.length;
    }
    if (bytes >= KEPT_BYTES) break;
  }
  return frames;
}

/** Typed layers back to bytes, as they were. */
async function encode() {
  const { encodeFrame } = await from('codecs');
  const frames = await decodedFrames();
  return async (proof) => {
    for (let i = 0; i < FRAMES_ENCODED; i++) {
      const frame = frames[i % frames.length];
      if (encodeFrame(frame).length !== frame.bytes.length) throw new Error('another length');
      proof.frames++;
    }
  };
}

/** Header and payload to a whole FCoE frame in one array, its CRC computed. */
async function encodeFcoe() {
  const { encodeFcoeFrame, ethernet, fcHeader, fcoeHeader, fcoeTrailer, layerValue, vlanTag } =
    await from('codecs');
  const inputs = (await decodedFrames()).flatMap((frame) => {
    const header = layerValue(frame, fcHeader);
    const sof = layerValue(frame, fcoeHeader)?.sof;
    if (sof === undefined) return [];
    const at = FC_AT + 24;
    return {
      frame: frame.bytes,
      input: {
        ...layerValue(frame, ethernet),
        vlan: layerValue(frame, vlanTag),
        sof,
        eof: layerValue(frame, fcoeTrailer).eof,
        header,
        payload: frame.bytes.subarray(at, frame.bytes.length - TRAILER_BYTES),
      },
    };
  });
  for (const { frame, input } of inputs) {
    if (Buffer.compare(encodeFcoeFrame(input), frame) !== 0) throw new Error('other bytes');
  }
  return async (proof) => {
    for (let i = 0; i < FRAMES_ENCODED; i++) {
      encodeFcoeFrame(inputs[i % inputs.length].input);
      proof.frames++;
    }
  };
}

const FRAMES_ENCODED = 200_000;

const contenders = {
  decode,
  'decode-conversation': decodeConversation,
  'decode-kept': decodeKept,
  views,
  read,
  'read-crc': readCrc,
  'pcap-parser': pcapParser,
  'binary-parser': binaryParser,
  'by-hand': byHand,
  encode,
  'encode-fcoe': encodeFcoe,
};

const make = contenders[name];
if (make === undefined) throw new TypeError(`no contender is called ${name}`);
const pass = await make();
const runs = [];
let proof = new Proof();
for (let i = 0; i < Number(passes); i++) {
  proof = new Proof();
  const cpu = process.cpuUsage();
  const wall = process.hrtime.bigint();
  await pass(proof);
  const { user, system } = process.cpuUsage(cpu);
  runs.push({ cpuNs: (user + system) * 1000, wallNs: Number(process.hrtime.bigint() - wall) });
}
const rssBytes = process.resourceUsage().maxRSS * 1024;
process.stdout.write(JSON.stringify({ runs, rssBytes, proof }));
