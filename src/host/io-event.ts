/** What a host tells of its guests' I/O. */
import type { StampReading } from '../codecs/stamp/index.ts';
import type { GuestOp } from './workload.ts';

/** What an attempt came to, for the books. */
export type AttemptEnd =
  | 'good'
  | 'check'
  | 'aborted'
  | 'lost-cleared'
  | 'lost-uncleared'
  | 'data-lost'
  | 'purged'
  | 'not-sent';

/** Events of the guest's I/O. Plain data; `vm` names the virtual machine, `id` the I/O. */
export type IoEvent =
  | {
      readonly type: 'io-submit';
      readonly vm: string;
      readonly id: number;
      readonly op: GuestOp;
      readonly fua: boolean;
      readonly luName: string;
      readonly lba: number;
      readonly blocks: number;
      readonly version: number;
      readonly writerId: number;
    }
  | {
      readonly type: 'io-sent';
      readonly vm: string;
      readonly id: number;
      readonly attempt: number;
      readonly wwpn: bigint;
      readonly sId: number;
      readonly dId: number;
      readonly oxId: number;
      readonly port: number;
      /** The SCSI command; a READ for a COMPARE AND WRITE whose outcome is looked up. */
      readonly command: string;
    }
  | {
      readonly type: 'io-attempt-end';
      readonly vm: string;
      readonly id: number;
      readonly attempt: number;
      readonly end: AttemptEnd;
      readonly status?: number;
    }
  | {
      readonly type: 'io-requeue';
      readonly vm: string;
      readonly id: number;
      readonly reason: string;
    }
  | {
      readonly type: 'io-complete';
      readonly vm: string;
      readonly id: number;
      readonly result: 'good' | 'failed';
      readonly reason?: string;
      readonly readings?: readonly StampReading[];
    };
