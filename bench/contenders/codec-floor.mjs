/**
 * What no simulated fabric can do without: `node codec-floor.mjs LIBRARY KIND PORTS FRAMES`.
 *
 * The frames of `sim-fabric.mjs` are made, re-addressed, checked and read by the same functions of
 * the library, and there is nothing else: no machines, no links, no time, no events, no digest, no
 * tables in which ports, routes, zones and exchanges are looked up. Each frame is done with before
 * the next is made, so that all lie in the cache. What is left is the price of bytes: the world's
 * rate as a share of this one's says what the world itself costs.
 *
 * A frame counts twice, once for each link, as in the world: it is encoded once with all headers and
 * its CRC, given other MAC addresses once, and located, checked and read once.
 *
 * KIND: `headers`, FCP_CMND and FCP_RSP; `payloads`, a read of 16 KB in eight frames between them.
 * Counts processor time, and prints JSON.
 */
import { loader, measuredPasses, report } from './sim-measure.mjs';

const [library, kind, portsText, framesText] = process.argv.slice(2);
const ports = Number(portsText);
const load = await loader(library);
const { fcHeader, FcType, RCtl, FC_HEADER_BYTES, ...fc } = await load('codecs/fc/index.js');
const { fcpCmnd, fcpRsp } = await load('codecs/fcp/index.js');
const fcoe = await load('codecs/fcoe/index.js');
const { uint24At, putUint24 } = await load('codecs/layout/index.js');
const { roomFor } = await load('machine/slab.js');
const { Eof, Sof } = fcoe;

const READ_BYTES = kind === 'payloads' ? 8 * 2048 : 0;
const TARGETS = 4;
const FC_MAP = 0x0e_fc00;
const FCF_MAC = '52:54:00:ff:00:00';
const [FCF_MAC_HIGH, FCF_MAC_LOW] = [0x52_5400, 0xff_0000];
const INITIATORS = 0x01_0100;
const TARGET_PORTS = 0x01_0010;
/** Where the FC header begins behind Ethernet header, VLAN tag and FCoE header. */
const FC_AT = 32;

const GOOD = fcpRsp.encode({});
const READ_DATA = new Uint8Array(READ_BYTES).map((_, i) => i * 7);
/** What each data frame brings: as much as a port takes. */
const READ_PARTS = [];
for (let at = 0; at < READ_BYTES; at += fc.FC_PAYLOAD_BYTES_MAX)
  READ_PARTS.push(READ_DATA.subarray(at, at + fc.FC_PAYLOAD_BYTES_MAX));
const NONE = new Uint8Array(0);
const TEST_UNIT_READY = new Uint8Array(16);
const vlan = { vid: 100, priority: 3 };
const head = fcoe.fcoeFrameHead(FCF_MAC, '00:00:00:00:00:00', vlan);
/** One object for all headers: all have one shape. */
const header = {
  rCtl: 0,
  dId: 0,
  csCtl: 0,
  sId: 0,
  type: FcType.FCP,
  fCtl: 0,
  seqId: 0,
  dfCtl: 0,
  seqCnt: 0,
  oxId: 0,
  rxId: 0,
  parameter: 0,
};
const locator = new fcoe.FcLocator();
const headerView = fcHeader.view(new Uint8Array(FC_HEADER_BYTES));
const rspView = fcpRsp.view(new Uint8Array(fcpRsp.headBytes));

/** Puts in what differs from frame to frame; the sender's MAC address follows from its S_ID. */
function begin(rCtl, sId, dId, fCtl, oxId, rxId) {
  putUint24(head, 6, FC_MAP);
  putUint24(head, 9, sId);
  header.rCtl = rCtl;
  header.dId = dId;
  header.sId = sId;
  header.fCtl = fCtl;
  header.seqId = 0;
  header.seqCnt = 0;
  header.oxId = oxId;
  header.rxId = rxId;
  header.parameter = 0;
}

function commandFrame(sId, dId, oxId) {
  begin(RCtl['Unsolicited Command'], sId, dId, fc.FCTL_REQUEST, oxId, fc.XID_UNASSIGNED);
  const command = {
    lun: 0n,
    cdb: TEST_UNIT_READY,
    additionalCdb: NONE,
    additionalCdbLengthWords: 0,
    rddata: READ_BYTES > 0 ? 1 : 0,
    wrdata: 0,
    fcpDl: READ_BYTES,
  };
  return fcoe.encodeMessageBehindHead(head, Sof.SOFi3, Eof.EOFt, header, fcpCmnd, command, roomFor);
}

function dataFrame(sId, dId, oxId, rxId, n) {
  const isLast = n === READ_PARTS.length - 1;
  const fCtl = isLast ? fc.FCTL_LAST_DATA_FROM_RESPONDER : fc.FCTL_DATA_FROM_RESPONDER;
  begin(RCtl['Solicited Data'], sId, dId, fCtl, oxId, rxId);
  header.seqCnt = n;
  header.parameter = n * fc.FC_PAYLOAD_BYTES_MAX;
  const sof = n === 0 ? Sof.SOFi3 : Sof.SOFn3;
  return fcoe.encodeBehindHead(
    head,
    sof,
    isLast ? Eof.EOFt : Eof.EOFn,
    header,
    READ_PARTS[n],
    roomFor,
  );
}

function responseFrame(sId, dId, oxId, rxId) {
  begin(RCtl['Command Status'], sId, dId, fc.FCTL_LAST_REPLY, oxId, rxId);
  header.seqId = READ_BYTES > 0 ? 1 : 0;
  return fcoe.encodeBehindHead(head, Sof.SOFi3, Eof.EOFt, header, GOOD, roomFor);
}

function check(isGood) {
  if (!isGood) throw new Error('a frame is not what was sent');
}

/** What the switch reads and writes. */
function forward(frame) {
  const dId = uint24At(frame, FC_AT + 1);
  const sId = uint24At(frame, FC_AT + 5);
  check(uint24At(frame, 0) === FCF_MAC_HIGH && uint24At(frame, 3) === FCF_MAC_LOW);
  const eof = frame[frame.length - 4];
  check(frame[FC_AT - 14] >>> 4 === 0 && eof !== Eof.EOFni && eof !== Eof.EOFa);
  check(uint24At(frame, 6) === FC_MAP && uint24At(frame, 9) === sId);
  putUint24(frame, 0, FC_MAP);
  putUint24(frame, 3, dId);
  putUint24(frame, 6, FCF_MAC_HIGH);
  putUint24(frame, 9, FCF_MAC_LOW);
}

/** What the header of all frames said, so that nobody reads it for nothing. */
let seen = 0;

/** What a port reads. Returns the data bytes that the frame brought. */
function receive(frame) {
  check(locator.find(frame) === undefined);
  const { fcAt, payloadAt, payloadEnd } = locator;
  check(uint24At(frame, 0) === FC_MAP && uint24At(frame, 3) === uint24At(frame, fcAt + 1));
  check(uint24At(frame, 6) === FCF_MAC_HIGH && uint24At(frame, 9) === FCF_MAC_LOW);
  check(fcoe.fcCrcIsGood(frame, locator));
  headerView.move(frame, fcAt);
  seen += headerView.sId + headerView.oxId + headerView.rxId + headerView.fCtl + headerView.type;
  const { rCtl } = headerView;
  if (rCtl === RCtl['Solicited Data']) return payloadEnd - payloadAt;
  if (rCtl === RCtl['Command Status']) {
    rspView.move(frame, payloadAt);
    check(rspView.flags === 0 && rspView.scsiStatus === 0);
  } else check(fcpCmnd.decode(frame, payloadAt, payloadEnd).fcpDl === READ_BYTES);
  return 0;
}

let commands = 0;
let delivered = 0;

/** One frame over two links. */
function pass(frame) {
  forward(frame);
  delivered += 2;
  return receive(frame);
}

/** Passes so many frames, commands with all that belongs to them. */
function passFrames(number) {
  const end = delivered + number;
  while (delivered < end) {
    const n = commands++;
    const initiator = INITIATORS + (n % ports);
    const target = TARGET_PORTS + (n % TARGETS);
    const oxId = n & 0x7fff;
    const rxId = (n + 1) & 0x7fff;
    pass(commandFrame(initiator, target, oxId));
    let dataBytes = 0;
    for (let i = 0; i < READ_PARTS.length; i++)
      dataBytes += pass(dataFrame(target, initiator, oxId, rxId, i));
    check(dataBytes === READ_BYTES);
    pass(responseFrame(target, initiator, oxId, rxId));
  }
}

const io = measuredPasses(Number(framesText), {
  delivered: () => delivered,
  completed: () => commands,
  pass: passFrames,
});
check(seen > 0);
// Nobody logs in here.
const logins = { frames: 0, cpuSeconds: 0, framesPerCpuSecond: 0 };
report(ports, logins, io);
