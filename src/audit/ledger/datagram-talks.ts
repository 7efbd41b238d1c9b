/** The datagrams between a guest and who talks with it: how many were sent, how many came, and the longest pause. */
import type { DatagramPassed, DatagramWay } from '../../history/index.ts';
import type { TimeNs } from '../verdict.ts';

/** Datagrams one way, of one guest. */
export interface Talk {
  readonly vm: string;
  readonly way: DatagramWay;
  readonly sent: number;
  readonly lost: number;
  /** The longest time from a datagram that was sent to the next that came. */
  readonly longestNs: number;
}

interface Counted {
  readonly vm: string;
  readonly way: DatagramWay;
  sent: number;
  received: number;
  highestSent: number;
  /** Of what is not received, the first one sent: when. */
  waitingSince: TimeNs | undefined;
  longestNs: number;
}

/** All talks, by guest and way. */
export class DatagramTalks {
  readonly #talks = new Map<string, Counted>();
  #now: TimeNs = 0;

  /** False for a datagram that came and was never sent. */
  observe(at: TimeNs, { number, step, vm, way }: DatagramPassed): boolean {
    this.#now = at;
    const talk = this.#talk(vm, way);
    if (step === 'sent') {
      talk.sent++;
      talk.highestSent = Math.max(talk.highestSent, number);
      talk.waitingSince ??= at;
      return true;
    }
    talk.received++;
    pauseEnds(talk, at);
    talk.waitingSince = undefined;
    return number <= talk.highestSent;
  }

  /** What became of them, up to now; in the order in which they began. */
  conclude(): Talk[] {
    return [...this.#talks.values()].map((talk) => {
      pauseEnds(talk, this.#now);
      const { longestNs, received, sent, vm, way } = talk;
      return { vm, way, sent, lost: Math.max(0, sent - received), longestNs };
    });
  }

  #talk(vm: string, way: DatagramWay): Counted {
    const key = `${way} ${vm}`;
    let talk = this.#talks.get(key);
    if (talk === undefined) {
      const nothing = { sent: 0, received: 0, highestSent: 0, longestNs: 0 };
      talk = { vm, way, ...nothing, waitingSince: undefined };
      this.#talks.set(key, talk);
    }
    return talk;
  }
}

function pauseEnds(talk: Counted, at: TimeNs): void {
  if (talk.waitingSince !== undefined)
    talk.longestNs = Math.max(talk.longestNs, at - talk.waitingSince);
}
