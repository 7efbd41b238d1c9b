// The `headers` world of sim-fabric.mjs in ns-3: `ns3-fabric DEVICE PORTS FRAMES HOSTS`.
//
// DEVICE: `p2p`, ns-3's point-to-point devices and channels; `bare`, one event of its queue for each
// frame and link, with the same times, and no device at all.
//
// As in that world, N_Ports keep four commands under way, each to two of four targets in turn; all
// frames are bytes with every header, made as ns-3 makes them (`Header` and `Trailer` objects on a
// `Packet`), and both ends compute the FC CRC. The switch checks who sent a frame and whether the
// zone lets it pass, and puts other MAC addresses into it. Logins are left out: N_Port_IDs are given
// from the start. Counts processor time, and prints JSON.
//
// Written for this benchmark. Nothing of ns-3 is in it; it is compiled against Debian's headers.
#include <ns3/core-module.h>
#include <ns3/network-module.h>
#include <ns3/point-to-point-module.h>
#include <sys/resource.h>
#include <zlib.h>

#include <algorithm>
#include <cstdio>
#include <unordered_set>

using namespace ns3;
using Iterator = Buffer::Iterator;

// A header lists its fields once, in `each`; Put writes them, Get reads them.
struct Put {
  Iterator at;
  void u8(uint8_t &v) { at.WriteU8(v); }
  void u16(uint16_t &v) { at.WriteHtonU16(v); }
  void u24(uint32_t &v) { at.WriteU8(v >> 16); at.WriteHtonU16(v); }
  void u32(uint32_t &v) { at.WriteHtonU32(v); }
  void u64(uint64_t &v) { at.WriteHtonU64(v); }
  void littleEndian32(uint32_t &v) { at.WriteHtolsbU32(v); }
  void zero(int n) { at.WriteU8(0, n); }
  void bytes(uint8_t *b, int n) { at.Write(b, n); }
};

struct Get {
  Iterator at;
  void u8(uint8_t &v) { v = at.ReadU8(); }
  void u16(uint16_t &v) { v = at.ReadNtohU16(); }
  void u24(uint32_t &v) { v = at.ReadU8() << 16; v |= at.ReadNtohU16(); }
  void u32(uint32_t &v) { v = at.ReadNtohU32(); }
  void u64(uint64_t &v) { v = at.ReadNtohU64(); }
  void littleEndian32(uint32_t &v) { v = at.ReadLsbtohU32(); }
  void zero(int n) { at.Next(n); }
  void bytes(uint8_t *b, int n) { at.Read(b, n); }
};

// A header or trailer of so many bytes; the letter makes its name.
template <class T, uint32_t BYTES, char LETTER, class Base = Header>
struct Part : Base {
  static TypeId GetTypeId() {
    static TypeId id = TypeId(std::string("Part") + LETTER).SetParent<Base>();
    return id;
  }
  TypeId GetInstanceTypeId() const override { return GetTypeId(); }
  uint32_t GetSerializedSize() const override { return BYTES; }
  void Print(std::ostream &) const override {}
  // Trailers are given the end of the buffer.
  static Iterator start(Iterator i) {
    if (std::is_same<Base, Trailer>()) i.Prev(BYTES);
    return i;
  }
  void Serialize(Iterator i) const override {
    Put put{start(i)};
    const_cast<T *>(static_cast<const T *>(this))->each(put);
  }
  uint32_t Deserialize(Iterator i) override {
    Get get{start(i)};
    static_cast<T *>(this)->each(get);
    return BYTES;
  }
};

static const uint32_t FC_MAP = 0x0efc00, FCF_HIGH = 0x525400, FCF_LOW = 0xff0000;

// Ethernet 14, VLAN tag 4, FCoE header 14.
struct Head : Part<Head, 32, 'H'> {
  uint32_t destinationHigh = FC_MAP, destinationLow = 0, sourceHigh = FC_MAP, sourceLow = 0;
  uint16_t tpid = 0x8100, tci = 0x6064, etherType = 0x8906;
  uint8_t sof = 0x2e;
  template <class A> void each(A &a) {
    a.u24(destinationHigh); a.u24(destinationLow); a.u24(sourceHigh); a.u24(sourceLow);
    a.u16(tpid); a.u16(tci); a.u16(etherType); a.zero(13); a.u8(sof);
  }
};

struct FcHeader : Part<FcHeader, 24, 'F'> {
  uint8_t rCtl = 0, csCtl = 0, type = 8, seqId = 0, dfCtl = 0;
  uint32_t dId = 0, sId = 0, fCtl = 0, parameter = 0;
  uint16_t seqCnt = 0, oxId = 0, rxId = 0;
  template <class A> void each(A &a) {
    a.u8(rCtl); a.u24(dId); a.u8(csCtl); a.u24(sId); a.u8(type); a.u24(fCtl); a.u8(seqId);
    a.u8(dfCtl); a.u16(seqCnt); a.u16(oxId); a.u16(rxId); a.u32(parameter);
  }
};

struct FcpCmnd : Part<FcpCmnd, 32, 'C'> {
  uint64_t lun = 0;
  uint8_t crn = 0, taskAttribute = 0, taskManagement = 0, flags = 0, cdb[16] = {};
  uint32_t fcpDl = 0;
  template <class A> void each(A &a) {
    a.u64(lun); a.u8(crn); a.u8(taskAttribute); a.u8(taskManagement); a.u8(flags);
    a.bytes(cdb, 16); a.u32(fcpDl);
  }
};

struct FcpRsp : Part<FcpRsp, 24, 'R'> {
  uint16_t retryDelay = 0;
  uint8_t flags = 0, scsiStatus = 0;
  uint32_t residual = 0, senseBytes = 0, rspBytes = 0;
  template <class A> void each(A &a) {
    a.zero(8); a.u16(retryDelay); a.u8(flags); a.u8(scsiStatus); a.u32(residual);
    a.u32(senseBytes); a.u32(rspBytes);
  }
};

struct Tail : Part<Tail, 8, 'T', Trailer> {
  uint32_t crc = 0;
  uint8_t eof = 0x42;
  template <class A> void each(A &a) { a.littleEndian32(crc); a.u8(eof); a.zero(3); }
};

// One direction of a link.
struct Lane {
  Ptr<NetDevice> device;
  int64_t freeAtNs = 0;
  uint32_t toNode = 0, toPort = 0;
  void send(Ptr<Packet> packet);
};

struct NPort {
  uint32_t id, turn = 0, targets[2];
  uint16_t nextOxId = 1;
  struct { bool isOpen = false; uint16_t oxId = 0; } exchanges[64];
};

// One Ethernet port with the N_Ports behind it: an initiator's, or a target of its own.
struct Station {
  Lane up, down;
  std::vector<NPort> ports;
  uint16_t rxId = 0;
  void receive(Ptr<Packet> packet);
};

static const uint32_t TARGETS = 4, COMMANDS_EACH = 4, RATE_BITS_PER_NS = 100, DELAY_NS = 500;
// Stations begin with the targets. The switch is node 0, station i is node i + 1.
static std::vector<Station> stations;
static std::vector<uint32_t> route(65536);
static std::unordered_set<uint64_t> zones;
static bool isBare;
static uint64_t frames, stopAt, completed;

static void check(bool isGood) { if (!isGood) abort(); }
static uint64_t pairOf(uint32_t a, uint32_t b) { return uint64_t(a) << 32 | b; }
static uint32_t crcOf(Ptr<const Packet> packet) {
  uint8_t bytes[64];
  return crc32(0, bytes, packet->CopyData(bytes, sizeof bytes));
}

static void sendFrame(Lane &lane, bool isRsp, uint32_t sId, uint32_t dId, uint16_t oxId,
                      uint16_t rxId) {
  Ptr<Packet> packet = Create<Packet>();
  if (isRsp) packet->AddHeader(FcpRsp());
  else packet->AddHeader(FcpCmnd());
  FcHeader fc;
  fc.rCtl = isRsp ? 7 : 6;
  fc.dId = dId;
  fc.sId = sId;
  fc.fCtl = isRsp ? 0x990000 : 0x290000;
  fc.oxId = oxId;
  fc.rxId = rxId;
  packet->AddHeader(fc);
  Tail tail;
  tail.crc = crcOf(packet);
  packet->AddTrailer(tail);
  Head head;
  head.destinationHigh = FCF_HIGH;
  head.destinationLow = FCF_LOW;
  head.sourceLow = sId;
  packet->AddHeader(head);
  lane.send(packet);
}

static void sendCommand(Station &station, NPort &port) {
  const uint16_t oxId = port.nextOxId++;
  auto &exchange = port.exchanges[oxId & 63];
  check(!exchange.isOpen);
  exchange.isOpen = true;
  exchange.oxId = oxId;
  sendFrame(station.up, false, port.id, port.targets[port.turn++ & 1], oxId, 0xffff);
}

void Station::receive(Ptr<Packet> packet) {
  Head head;
  Tail tail;
  FcHeader fc;
  packet->RemoveHeader(head);
  packet->RemoveTrailer(tail);
  check(tail.crc == crcOf(packet));
  packet->RemoveHeader(fc);
  check(head.destinationLow == fc.dId && tail.eof == 0x42);
  if (fc.rCtl != 7) {
    FcpCmnd command;
    packet->RemoveHeader(command);
    check(command.fcpDl == 0);
    rxId = (rxId + 1) & 0x7fff;
    sendFrame(up, true, fc.dId, fc.sId, fc.oxId, rxId);
    return;
  }
  FcpRsp rsp;
  packet->RemoveHeader(rsp);
  check(rsp.scsiStatus == 0);
  NPort &port = ports[fc.dId & 0x3f];
  auto &exchange = port.exchanges[fc.oxId & 63];
  check(port.id == fc.dId && exchange.isOpen && exchange.oxId == fc.oxId);
  exchange.isOpen = false;
  completed++;
  sendCommand(*this, port);
}

// The switch: who may send it, where it goes, with which MAC addresses.
static void forward(uint32_t from, Ptr<Packet> packet) {
  Head head;
  FcHeader fc;
  packet->RemoveHeader(head);
  packet->PeekHeader(fc);
  check(head.sourceLow == fc.sId && route[fc.sId & 0xffff] == from + 1);
  check(zones.count(pairOf(fc.sId, fc.dId)));
  head.destinationHigh = FC_MAP;
  head.destinationLow = fc.dId;
  head.sourceHigh = FCF_HIGH;
  head.sourceLow = FCF_LOW;
  packet->AddHeader(head);
  stations[route[fc.dId & 0xffff] - 1].down.send(packet);
}

static void arrive(uint32_t node, uint32_t port, Ptr<Packet> packet) {
  if (++frames == stopAt) Simulator::Stop();
  if (node == 0) forward(port, packet);
  else stations[node - 1].receive(packet);
}

void Lane::send(Ptr<Packet> packet) {
  if (!isBare) {
    check(device->Send(packet, device->GetBroadcast(), 0x0800));
    return;
  }
  // Preamble, FCS and gap belong to the time on the link.
  const int64_t bits = (packet->GetSize() + 24) * 8;
  freeAtNs = std::max(freeAtNs, Simulator::Now().GetNanoSeconds()) +
             (bits + RATE_BITS_PER_NS - 1) / RATE_BITS_PER_NS;
  const Time after = NanoSeconds(freeAtNs + DELAY_NS) - Simulator::Now();
  Simulator::ScheduleWithContext(toNode, after, &arrive, toNode, toPort, packet);
}

static NetDevice::ReceiveCallback hear(uint32_t node, uint32_t port) {
  return NetDevice::ReceiveCallback(
      [=](Ptr<NetDevice>, Ptr<const Packet> packet, uint16_t, const Address &) {
        arrive(node, port, ConstCast<Packet>(packet));
        return true;
      });
}

static void join(PointToPointHelper &helper, Ptr<Node> center, uint32_t i) {
  Station &station = stations[i];
  station.up.toPort = i;
  station.down.toNode = i + 1;
  if (isBare) return;
  NetDeviceContainer devices = helper.Install(center, CreateObject<Node>());
  station.down.device = devices.Get(0);
  station.up.device = devices.Get(1);
  devices.Get(0)->SetReceiveCallback(hear(0, i));
  devices.Get(1)->SetReceiveCallback(hear(i + 1, 0));
}

static void addPort(uint32_t station, uint32_t index, uint32_t number) {
  NPort port;
  port.id = 0x010000 | station << 6 | index;
  route[port.id & 0xffff] = station + 1;
  for (uint32_t t = 0; t < 2 && station >= TARGETS; t++) {
    const uint32_t target = 0x010000 | (number + t) % TARGETS << 6;
    port.targets[t] = target;
    zones.insert(pairOf(port.id, target));
    zones.insert(pairOf(target, port.id));
  }
  stations[station].ports.push_back(port);
}

static void build(uint32_t ports, uint32_t hosts) {
  stations.resize(hosts + TARGETS);
  PointToPointHelper helper;
  helper.SetDeviceAttribute("DataRate", StringValue("100Gbps"));
  helper.SetChannelAttribute("Delay", StringValue("500ns"));
  helper.SetQueue("ns3::DropTailQueue", "MaxSize", StringValue("100000p"));
  Ptr<Node> center = CreateObject<Node>();
  const uint32_t each = ports / hosts;
  for (uint32_t i = 0; i < stations.size(); i++) {
    join(helper, center, i);
    if (i < TARGETS) addPort(i, 0, 0);
    else for (uint32_t j = 0; j < each; j++) addPort(i, j, (i - TARGETS) * each + j);
  }
  for (uint32_t i = TARGETS; i < stations.size(); i++)
    for (auto &port : stations[i].ports)
      for (uint32_t k = 0; k < COMMANDS_EACH; k++)
        Simulator::ScheduleNow(&sendCommand, std::ref(stations[i]), std::ref(port));
}

static void pass(uint64_t number) {
  stopAt = frames + number;
  Simulator::Run();
  check(frames >= stopAt);
}

static double cpuSeconds() {
  rusage used;
  getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval &t) { return t.tv_sec + t.tv_usec / 1e6; };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

int main(int count, char **words) {
  if (count != 5) return 2;
  isBare = std::string(words[1]) == "bare";
  const uint64_t number = atol(words[3]);
  build(atoi(words[2]), atoi(words[4]));
  // As in the other contenders: five parts behind a warm-up, and the one in the middle counts.
  pass(std::min<uint64_t>(number, 500000));
  const uint64_t framesBefore = frames, completedBefore = completed;
  const double before = cpuSeconds();
  std::vector<double> rates;
  for (int i = 0; i < 5; i++) {
    const uint64_t f = frames;
    const double c = cpuSeconds();
    pass(number / 5);
    rates.push_back((frames - f) / (cpuSeconds() - c));
  }
  const double took = cpuSeconds() - before;
  std::sort(rates.begin(), rates.end());
  printf("{\"frames\":%lu,\"cpuSeconds\":%.6f,\"framesPerCpuSecond\":%.0f,\"completed\":%lu}\n",
         frames - framesBefore, took, rates[2], completed - completedBefore);
}
