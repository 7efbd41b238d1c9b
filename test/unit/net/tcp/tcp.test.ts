/** TCP against a peer that is written byte by byte: what it answers in each of its states. */
import { describe, expect, it } from 'vitest';
import { TcpFlags } from '../../../../src/codecs/ethernet/index.ts';
import { SECOND } from '../../../../src/machine/machine.ts';
import { MachineCore } from '../../../../src/machine/machine-core.ts';
import { streams } from '../../../../src/machine/random.ts';
import { parseIpv4 } from '../../../../src/net/ipv4-address.ts';
import type { TcpConnection } from '../../../../src/net/tcp/connection.ts';
import type { TcpOptions } from '../../../../src/net/tcp/options.ts';
import type { Segment } from '../../../../src/net/tcp/segment.ts';
import { Tcp, type TcpUser } from '../../../../src/net/tcp/tcp.ts';

const { ACK, FIN, PSH, RST, SYN } = TcpFlags;
const US = parseIpv4('10.0.0.1');
const PEER = parseIpv4('10.0.0.2');
const PEER_PORT = 50_000;
const PORT = 3260;
/** Where the peer's numbers begin: they go round soon. */
const PEER_ISN = 0xffff_fff0;

class Rig implements TcpUser {
  readonly core = new MachineCore<never>();
  readonly sent: Segment[] = [];
  readonly log: string[] = [];
  readonly tcp: Tcp;
  connection!: TcpConnection;
  reads = true;

  constructor(options: TcpOptions = {}) {
    const { core, sent } = this;
    const owner = {
      get now() {
        return core.now;
      },
      after: (delayNs: number, run: () => void) => core.after(delayNs, run),
      sendSegment: (segment: Segment) => void sent.push(segment),
    };
    this.tcp = new Tcp(options, owner, streams(1).stream('tcp'));
    this.tcp.listen(PORT, this);
  }

  opened(connection: TcpConnection): void {
    this.connection = connection;
    this.log.push('opened');
  }
  readable(connection: TcpConnection): void {
    if (this.reads)
      for (const bytes of connection.read()) this.log.push(Buffer.from(bytes).toString('latin1'));
  }
  unsent(): void {}
  ended(): void {
    this.log.push('end');
  }
  over(_connection: TcpConnection, how: string): void {
    this.log.push(how);
  }

  /** What was sent since somebody asked. */
  take(): Segment[] {
    return this.sent.splice(0);
  }

  /** The peer says something; `seq` counts from its SYN, `ack` from ours. */
  peer(flags: number, seq: number, ack: number, text = '', more: Partial<Segment> = {}): Segment[] {
    this.tcp.handleSegment({
      source: PEER,
      destination: US,
      sourcePort: PEER_PORT,
      destinationPort: PORT,
      seq: (PEER_ISN + seq) >>> 0,
      ack: (flags & ACK) === 0 ? 0 : (this.isn + ack) >>> 0,
      flags,
      window: 0xffff,
      payload: Buffer.from(text, 'latin1'),
      ...more,
    });
    return this.take();
  }

  isn = 0;

  /** The three segments by which a connection comes about. */
  open(more: Partial<Segment> = {}): this {
    const [synAck] = this.peer(SYN, 0, 0, '', { mss: 1000, ...more });
    this.isn = synAck!.seq;
    this.peer(ACK, 1, 1);
    return this;
  }

  wait(ns: number): Segment[] {
    const until = this.core.now + ns;
    while (this.core.deadline !== undefined && this.core.deadline <= until)
      this.core.handleTimeout(this.core.deadline);
    this.core.now = until;
    return this.take();
  }

  /** Numbers as offsets from the SYNs. */
  brief(segments: readonly Segment[]): string[] {
    return segments.map(({ flags, seq, ack, payload, window }) => {
      const names = Object.entries(TcpFlags).flatMap(([name, bit]) => (flags & bit ? [name] : []));
      const at = (seq - this.isn) >>> 0;
      const to = (ack - PEER_ISN) >>> 0;
      const tail = payload.length > 0 ? ` +${payload.length}` : '';
      return `${names.join()} ${at} ${(flags & ACK) === 0 ? '-' : to} w${window}${tail}`;
    });
  }
}

const WINDOW = 262_144 >>> 3;

describe('a connection that comes about', () => {
  it('answers a SYN with its own, its segment size and a scale where the peer told one', () => {
    const rig = new Rig();
    const [synAck] = rig.peer(SYN, 0, 0, '', { mss: 1000, windowScale: 2 });
    expect(synAck).toMatchObject({ flags: SYN | ACK, mss: 1460, windowScale: 3, window: 0xffff });
    expect(synAck!.ack).toBe((PEER_ISN + 1) >>> 0);
    rig.isn = synAck!.seq;
    expect(rig.peer(ACK, 1, 1)).toEqual([]);
    expect(rig.log).toEqual(['opened']);
  });

  it('tells no scale to a peer that told none', () => {
    const [synAck] = new Rig().peer(SYN, 0, 0);
    expect(synAck).not.toHaveProperty('windowScale');
  });

  it('sends its SYN again to one that comes again, and after a while', () => {
    const rig = new Rig({ synRetriesMax: 2 });
    rig.isn = rig.peer(SYN, 0, 0)[0]!.seq;
    expect(rig.brief(rig.peer(SYN, 0, 0))).toEqual(['ACK,SYN 0 1 w65535']);
    expect(rig.wait(SECOND)).toHaveLength(1);
    expect(rig.wait(2 * SECOND)).toHaveLength(1);
    rig.wait(10 * SECOND);
    expect(rig.tcp.size).toBe(0);
    expect(rig.log).toEqual([]);
  });

  it('refuses what no connection is there for, and never answers a RST', () => {
    const rig = new Rig();
    expect(rig.peer(SYN, 0, 0, '', { destinationPort: 99 })[0]).toMatchObject({
      flags: RST | ACK,
      seq: 0,
      ack: (PEER_ISN + 1) >>> 0,
    });
    expect(rig.peer(ACK, 5, 77, 'x')[0]).toMatchObject({ flags: RST, seq: 77 });
    expect(rig.peer(RST, 5, 0)).toEqual([]);
    expect(rig.peer(RST | ACK, 5, 0)).toEqual([]);
  });

  it('holds no more half-open connections than its backlog', () => {
    const rig = new Rig({ backlogMax: 3 });
    for (let i = 0; i < 10; i++) rig.peer(SYN, 0, 0, '', { sourcePort: 1000 + i });
    expect(rig.tcp.size).toBe(3);
  });

  it('is refused by a RST of the peer, and given up where nobody answers', () => {
    const rig = new Rig({ synRetriesMax: 1 });
    const connect = () => {
      rig.tcp.connect({ local: US, remote: PEER, remotePort: 3260 }, rig);
      return rig.take()[0]!;
    };
    const syn = connect();
    const answer = { sourcePort: 3260, destinationPort: syn.sourcePort };
    rig.isn = syn.seq;
    expect(rig.peer(RST | ACK, 0, 2, '', answer)).toEqual([]);
    expect(rig.log).toEqual([]);
    rig.peer(RST | ACK, 0, 1, '', answer);
    expect(rig.log).toEqual(['unreachable']);
    connect();
    rig.wait(10 * SECOND);
    expect(rig.log).toEqual(['unreachable', 'unreachable']);
  });

  it('comes about where both ends open it at once', () => {
    const rig = new Rig();
    rig.tcp.connect({ local: US, remote: PEER, remotePort: 3260 }, rig);
    const syn = rig.take()[0]!;
    rig.isn = syn.seq;
    const ends = { sourcePort: 3260, destinationPort: syn.sourcePort };
    expect(rig.brief(rig.peer(SYN, 0, 0, '', ends))).toEqual(['ACK,SYN 0 1 w65535']);
    rig.peer(SYN | ACK, 0, 1, '', ends);
    expect(rig.log).toEqual(['opened']);
  });
});

describe('what comes', () => {
  it('is read in its order, each byte once', () => {
    const rig = new Rig().open();
    rig.peer(ACK, 4, 1, 'def');
    rig.peer(ACK, 1, 1, 'abcd');
    rig.peer(ACK | PSH, 5, 1, 'efgh');
    expect(rig.log.join('')).toBe('openedabcdefgh');
  });

  it('is acknowledged at once where something is missing, else every second segment or soon', () => {
    const rig = new Rig().open({ windowScale: 0 });
    expect(rig.peer(ACK, 1, 1, 'a')).toEqual([]);
    expect(rig.brief(rig.peer(ACK, 2, 1, 'b'))).toEqual([`ACK 1 3 w${WINDOW}`]);
    expect(rig.brief(rig.peer(ACK, 9, 1, 'z'))).toEqual([`ACK 1 3 w${WINDOW}`]);
    rig.peer(ACK, 3, 1, 'cdefgh');
    expect(rig.peer(ACK, 10, 1, 'i')).toEqual([]);
    expect(rig.brief(rig.wait(SECOND / 10))).toEqual([`ACK 1 11 w${WINDOW}`]);
  });

  it('of an old connection counts only where it falls into the window', () => {
    const rig = new Rig().open({ windowScale: 0 });
    expect(rig.brief(rig.peer(ACK, -500, 1, 'old data'))).toEqual([`ACK 1 1 w${WINDOW}`]);
    expect(rig.brief(rig.peer(ACK, 500_000, 1, 'old'))).toEqual([`ACK 1 1 w${WINDOW}`]);
    expect(rig.log).toEqual(['opened']);
  });

  it('acknowledges nothing that was never sent', () => {
    const rig = new Rig().open({ windowScale: 0 });
    expect(rig.brief(rig.peer(ACK, 1, 5000, 'x'))).toEqual([`ACK 1 1 w${WINDOW}`]);
    expect(rig.log).toEqual(['opened']);
  });

  it('is answered no more than now and then where it is only an ACK that does not fit', () => {
    const rig = new Rig().open();
    const answers = Array.from({ length: 100 }, () => rig.peer(ACK, 1, 5000)).flat();
    expect(answers).toHaveLength(1);
  });

  it('fills the window where nobody reads, and no more', () => {
    const rig = new Rig({ receiveWindowBytes: 1000 }).open();
    rig.connection.pause(true);
    rig.peer(ACK, 1, 1, 'a'.repeat(1000));
    expect(rig.brief(rig.wait(SECOND))).toEqual(['ACK 1 1001 w0']);
    expect(rig.brief(rig.peer(ACK, 1001, 1, 'b'))).toEqual(['ACK 1 1001 w0']);
    expect(rig.connection.keptBytes).toBe(1000);
    rig.connection.pause(false);
    expect(rig.log.join('')).toBe(`opened${'a'.repeat(1000)}`);
  });

  it('opens its window for a peer that waits, when it is read', () => {
    const rig = new Rig({ receiveWindowBytes: 4000 }).open();
    rig.connection.pause(true);
    rig.peer(ACK, 1, 1, 'a'.repeat(4000));
    rig.wait(SECOND);
    rig.connection.pause(false);
    expect(rig.brief(rig.take())).toEqual(['ACK 1 4001 w4000']);
  });
});

describe('RST', () => {
  const states: Record<string, (rig: Rig) => void> = {
    ESTABLISHED: () => {},
    'FIN-WAIT-1': (rig) => rig.connection.end(),
    'FIN-WAIT-2': (rig) => {
      rig.connection.end();
      rig.peer(ACK, 1, 2);
    },
    'CLOSE-WAIT': (rig) => void rig.peer(FIN | ACK, 1, 1),
    CLOSING: (rig) => {
      rig.connection.end();
      rig.peer(FIN | ACK, 1, 1);
    },
    'LAST-ACK': (rig) => {
      rig.peer(FIN | ACK, 1, 1);
      rig.connection.end();
    },
    'TIME-WAIT': (rig) => {
      rig.connection.end();
      rig.peer(FIN | ACK, 1, 2);
    },
  };
  it.each(Object.keys(states))('counts in %s exactly at the next number', (state) => {
    const rig = new Rig().open();
    states[state]!(rig);
    rig.take();
    expect(rig.connection.state).toBe(state);
    const next = rig.connection.receiveNext - PEER_ISN;
    const [challenge] = rig.peer(RST, next + 1, 0);
    expect(challenge).toMatchObject({ flags: ACK, ack: rig.connection.receiveNext });
    expect(rig.peer(RST, next - 1, 0)).toEqual([]);
    expect(rig.connection.state).toBe(state);
    rig.peer(RST, next, 0);
    expect(rig.connection.state).toBe('CLOSED');
    expect([...rig.tcp.connections]).toEqual([]);
    expect(rig.core.timers.pending).toBe(0);
  });

  it('is told where our end is broken, at a number that the peer takes', () => {
    const rig = new Rig().open();
    rig.connection.write(Buffer.from('abc'));
    rig.take();
    rig.connection.reset();
    expect(rig.brief(rig.take())).toEqual(['ACK,RST 4 1 w65535']);
    expect(rig.log).toEqual(['opened', 'reset']);
  });

  it('is not what a SYN brings about: that is asked whether it is meant', () => {
    const rig = new Rig().open({ windowScale: 0 });
    expect(rig.brief(rig.peer(SYN, 10, 0))).toEqual([`ACK 1 1 w${WINDOW}`]);
    expect(rig.connection.state).toBe('ESTABLISHED');
  });
});

describe('the end', () => {
  it('of both sides, ours first: the connection is remembered for a while', () => {
    const rig = new Rig().open();
    rig.connection.end();
    expect(rig.brief(rig.take())).toEqual(['ACK,FIN 1 1 w65535']);
    rig.peer(ACK, 1, 2, 'still here');
    rig.peer(FIN | ACK, 11, 2);
    expect(rig.log).toEqual(['opened', 'still here', 'end', 'closed']);
    expect(rig.tcp.remembered).toBe(1);
    rig.take();
    expect(rig.peer(FIN | ACK, 11, 2)).toHaveLength(1);
    rig.wait(61 * SECOND);
    expect([...rig.tcp.connections]).toEqual([]);
  });

  it('of both sides, the peer first', () => {
    const rig = new Rig().open();
    expect(rig.peer(FIN | ACK, 1, 1, '')).toHaveLength(1);
    rig.connection.write(Buffer.from('last'));
    rig.connection.end();
    expect(rig.brief(rig.take())).toEqual(['ACK,PSH 1 2 w65535 +4', 'ACK,FIN 5 2 w65535']);
    rig.peer(ACK, 2, 6);
    expect(rig.log).toEqual(['opened', 'end', 'closed']);
    expect([...rig.tcp.connections]).toEqual([]);
  });

  it('of a remembered one gives way to a new connection with later numbers', () => {
    const rig = new Rig().open();
    rig.connection.end();
    rig.peer(FIN | ACK, 1, 2);
    expect(rig.peer(SYN, 1, 0)[0]).toMatchObject({ flags: ACK });
    expect(rig.peer(SYN, 500_000, 0)[0]).toMatchObject({ flags: SYN | ACK });
  });

  it('does not come for a peer that never ends: it is broken after a while', () => {
    const rig = new Rig().open();
    rig.connection.end();
    rig.peer(ACK, 1, 2);
    rig.wait(61 * SECOND);
    expect(rig.log).toEqual(['opened', 'reset']);
  });
});

describe('what is sent', () => {
  it('is sent again when nobody acknowledges it, later each time, and given up in the end', () => {
    const rig = new Rig({ retriesMax: 3 }).open();
    rig.connection.write(Buffer.from('hello'));
    const times = [rig.core.now];
    rig.take();
    for (let i = 0; i < 40_000 && rig.log.length === 1; i++) {
      const now = rig.core.now;
      for (const one of rig.wait(SECOND / 100)) if (one.payload.length > 0) times.push(now);
    }
    const gaps = times.slice(1).map((at, i) => at - times[i]!);
    expect(gaps).toHaveLength(3);
    for (const [i, gap] of gaps.entries()) if (i > 0) expect(gap / gaps[i - 1]!).toBeCloseTo(2, 0);
    expect(rig.log).toEqual(['opened', 'reset']);
  });

  it('is never sooner sent again than the floor, however short the round trip was', () => {
    const rig = new Rig({ retransmitFloorNs: SECOND / 2 }).open();
    rig.connection.write(Buffer.from('a'));
    rig.take();
    expect(rig.wait(SECOND * 0.49)).toEqual([]);
    expect(rig.wait(SECOND * 0.02)).toHaveLength(1);
  });

  it('is sent again at once behind three acknowledgements that say the same', () => {
    const rig = new Rig().open();
    rig.connection.write(Buffer.from('x'.repeat(5_000)));
    expect(rig.take()).toHaveLength(5);
    expect(rig.peer(ACK, 1, 1)).toEqual([]);
    expect(rig.peer(ACK, 1, 1)).toEqual([]);
    expect(rig.brief(rig.peer(ACK, 1, 1))).toEqual(['ACK 1 1 w65535 +1000']);
    // What is acknowledged then shows the next hole.
    expect(rig.brief(rig.peer(ACK, 1, 2001))).toEqual(['ACK 2001 1 w65535 +1000']);
  });

  it('starts slowly, and twice as fast with each round trip', () => {
    const rig = new Rig().open({ windowScale: 7 });
    rig.connection.write(new Uint8Array(200_000));
    expect(rig.take()).toHaveLength(10);
    const acks = Array.from({ length: 10 }, (_, i) => rig.peer(ACK, 1, 1001 + 1000 * i));
    expect(acks.flat()).toHaveLength(20);
  });

  it('waits for a peer without room, asks with a byte now and then, and goes on when there is some', () => {
    const rig = new Rig().open();
    rig.peer(ACK, 1, 1, '', { window: 0 });
    rig.connection.write(Buffer.from('x'.repeat(3_000)));
    expect(rig.take()).toEqual([]);
    const probes = rig.wait(100 * SECOND);
    expect(probes.length).toBeGreaterThan(3);
    for (const { payload } of probes) expect(payload).toHaveLength(1);
    // A peer that is there, and never reads, is asked for ever.
    for (let i = 0; i < 100; i++) {
      rig.peer(ACK, 1, 1, '', { window: 0 });
      rig.wait(200 * SECOND);
    }
    expect(rig.connection.state).toBe('ESTABLISHED');
    expect(rig.peer(ACK, 1, 1, '', { window: 10_000 }).map((one) => one.payload.length)).toEqual([
      1000, 1000, 1000,
    ]);
  });

  it('is bounded: who writes more than may wait loses the connection', () => {
    const rig = new Rig({ sendBytesMax: 10_000 }).open();
    expect(rig.connection.write(new Uint8Array(10_000))).toBe(true);
    expect(rig.connection.write(new Uint8Array(1))).toBe(false);
    expect(rig.log).toEqual(['opened', 'reset']);
  });
});
