/**
 * A fabric at work, measured: `node sim-fabric.mjs LIBRARY KIND PORTS FRAMES`.
 *
 * N_Ports log in through a real switch, as many on each ENode as a host has virtual machines, and send
 * commands to target ports that answer at once: FIP, logins, name server, exchanges, forwarding and
 * every header are those of the fabric's machines. What a guest does with its disks and what an array
 * does with a command is left out; `sim-world.mjs` measures them too.
 *
 * KIND: `headers`, FCP_CMND and FCP_RSP; `payloads`, each read brings eight frames of 2 KB.
 * Counts processor time, and prints JSON.
 */
import { loader, measured, measuredFrames, report } from './sim-measure.mjs';

const [library, kind, portsText, framesText] = process.argv.slice(2);
const nPorts = Number(portsText);
const frames = Number(framesText);
const load = await loader(library);
const { Simulator } = await load('sim/index.js');
const { streams } = await load('machine/random.js');
const { Fcf } = await load('fabric/index.js');
const { MachineCore } = await load('machine/machine-core.js');
const { Enode, FcpInitiator } = await load('port/index.js');
const { fcpCmnd, fcpRsp } = await load('codecs/fcp/index.js');
const { TargetSender } = await load('port/fcp/target-sender.js');
const { fcCrcCoversFrom } = await load('run/frame-crc.js');

const PORTS_PER_HOST = 25;
/** Few enough reads that their data fits the switch's queues. */
const QUEUE_DEPTH = kind === 'payloads' ? 1 : 4;
const TARGETS = 4;
/** Each N_Port is zoned with so many of the targets, neighbours with different ones. */
const TARGETS_EACH = 2;
const READ_BYTES = kind === 'payloads' ? 8 * 2048 : 0;
const TEST_UNIT_READY = new Uint8Array(16);
const READ_DATA = new Uint8Array(READ_BYTES).map((_, i) => i * 7);
const GOOD = fcpRsp.encode({});
const MAC_BASE = 0x52_54_00_00_00_00;

const macOf = (n) =>
  (MAC_BASE + n)
    .toString(16)
    .padStart(12, '0')
    .replace(/(..)(?=.)/g, '$1:');

let completed = 0;

/** One Ethernet port with an ENode and as many N_Ports as it is given. */
class Station {
  constructor(index) {
    this.core = new MachineCore();
    this.index = index;
    this.enode = new Enode(
      {
        port: 0,
        mac: macOf(index + 1),
        nodeName: 0x1000_0000_0000_0000n + BigInt(index),
        vlanDiscovery: false,
        vlan: 100,
        vlanPriority: 3,
        fcfSelectionDelayNs: 0,
      },
      this,
    );
  }

  addPort(name, role, physical, listener) {
    const lport = this.enode.createLport(
      {
        portName: name,
        nodeName: 0x1000_0000_0000_0000n + BigInt(this.index),
        role,
        receiveBytes: 2112,
        physical,
        symbolicName: '',
        loginTriesMax: 100,
        discovers: role === 'initiator' && !physical,
      },
      listener,
    );
    this.enode.startLport(lport);
    return lport;
  }

  get now() {
    return this.core.now;
  }
  send(port, frame) {
    this.core.send(port, frame, true);
  }
  after(delayNs, run) {
    return this.core.after(delayNs, run);
  }
  contradiction(_port, what) {
    throw new Error(what);
  }
  handleFrame(_port, frame, _given, now) {
    this.core.now = now;
    this.enode.handleFrame(frame);
  }
  handleTimeout(now) {
    this.core.handleTimeout(now);
  }
  handleLink(_port, up, now) {
    this.core.now = now;
    if (up) this.enode.linkUp();
  }
  poll() {
    return this.core.poll();
  }
  get deadline() {
    return this.core.deadline;
  }
}

/** Keeps commands under way from one N_Port to the targets it has logged in with, in turn. */
class Initiator {
  constructor(station) {
    this.station = station;
    this.targets = [];
    this.turn = 0;
  }
  rportReady(rport) {
    if (rport.isTarget) this.targets.push(this.fcp.nexusOf(rport));
  }
  begin() {
    for (let i = 0; i < QUEUE_DEPTH; i++) this.next();
  }
  next() {
    this.targets[this.turn++ % this.targets.length].execute({
      lun: 0n,
      cdb: TEST_UNIT_READY,
      dataOut: undefined,
      dataInBytes: READ_BYTES,
      timeoutNs: 30e9,
      onDone: this.done,
    });
  }
  done = (outcome) => {
    if (outcome.end !== 'answered' || outcome.data.length !== READ_BYTES)
      throw new Error(`a command ended by ${outcome.end}`);
    completed++;
    this.next();
  };
}

/** Answers every command. */
class Responder {
  rxId = 0;
  sender = new TargetSender(() => this.lport);
  commandFrame(rport, header, frame, at, end) {
    const { fcpDl } = fcpCmnd.decode(frame, at, end);
    this.rxId = (this.rxId + 1) & 0x7fff;
    const exchange = { rport, oxId: header.oxId, rxId: this.rxId, nextSeqId: 0 };
    if (fcpDl > 0) this.sender.data(exchange, READ_DATA);
    this.sender.rsp(exchange, { rsp: GOOD, unconfirmed: false });
  }
}

const hosts = Math.ceil(nPorts / PORTS_PER_HOST);
const physicalName = (station) => 0x2000_0000_0000_0000n + BigInt(station);
const virtualName = (n) => 0x2100_0000_0000_0000n + BigInt(n);
const zones = Array.from({ length: nPorts }, (_, n) => ({
  name: `vm${n}`,
  members: [
    virtualName(n),
    ...Array.from({ length: TARGETS_EACH }, (_, i) => physicalName((n + i) % TARGETS)),
  ],
}));
const simulator = new Simulator({ seed: 1, vouchedFrom: fcCrcCoversFrom });
const fcf = new Fcf({
  name: 'fcf',
  domain: 1,
  ports: hosts + TARGETS,
  switchName: 0x1000_0000_c900_0001n,
  fabricName: 0x1000_0000_c900_0001n,
  random: streams(1).stream('fcf'),
  // Single-initiator zones, enforced frame by frame.
  zoning: { enforced: 'hard', defaultZone: 'deny', zones },
  fcfMac: macOf(0xff_0000),
  vlan: 100,
  npivLoginsMax: 65_535,
});
simulator.addNode('fcf', fcf);
const stations = [];
const initiators = [];
for (let i = 0; i < hosts + TARGETS; i++) {
  const station = new Station(i);
  stations.push(station);
  const isTarget = i < TARGETS;
  const responder = isTarget ? new Responder() : {};
  const physical = station.addPort(
    physicalName(i),
    isTarget ? 'target' : 'initiator',
    true,
    responder,
  );
  if (isTarget) responder.lport = physical;
  else
    for (let j = 0; j < PORTS_PER_HOST && initiators.length < nPorts; j++) {
      const initiator = new Initiator(station);
      const name = virtualName(initiators.length);
      initiator.fcp = new FcpInitiator(station.addPort(name, 'initiator', false, initiator));
      initiators.push(initiator);
    }
  simulator.addNode(`s${i}`, station);
  const end = { node: `s${i}`, port: 0 };
  simulator.connect(end, { node: 'fcf', port: i }, { rateBitsPerSecond: 100e9 });
}

const logins = measured(simulator, () => {
  for (const [i, station] of stations.entries()) {
    fcf.linkUp(i, 0);
    simulator.act(`s${i}`, (now) => station.handleLink(0, true, now));
  }
  const isReady = () => initiators.every(({ targets }) => targets.length === TARGETS_EACH);
  let events = 0;
  simulator.run({ untilNs: 600e9, when: () => (++events & 4095) === 0 && isReady() });
  if (!isReady()) throw new Error('not all initiators found all targets');
});
for (const initiator of initiators)
  simulator.act(`s${initiator.station.index}`, (now) => {
    initiator.station.core.now = now;
    initiator.begin();
  });
report(
  nPorts,
  logins,
  measuredFrames(simulator, frames, () => completed),
);
