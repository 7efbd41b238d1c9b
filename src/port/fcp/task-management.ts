/** Task management as FCP says it: flags of FCP_CMND, RSP_CODE of FCP_RSP. Source: FCP-4, clause 9. */
import type { FcHeader } from '../../codecs/fc/index.ts';
import { fcpRsp, RspCode, TaskManagement } from '../../codecs/fcp/index.ts';
import { CodecError } from '../../codecs/layout/index.ts';
import type {
  TaskManagementFunction,
  TaskManagementRequest,
  TaskManagementResponse,
} from '../../scsi/transport.ts';
import { Exchange } from '../n-port/exchange.ts';
import type { Lport } from '../n-port/lport.ts';
import type { Rport } from '../n-port/rport.ts';
import { sendTaskManagement } from './initiator-sender.ts';

/** ABORT TASK is ABTS of its exchange; FCP has no flag for QUERY TASK and I_T NEXUS RESET. */
const FLAGS: Readonly<Partial<Record<TaskManagementFunction, number>>> = {
  'abort-task-set': TaskManagement.ABORT_TASK_SET,
  'clear-aca': TaskManagement.CLEAR_ACA,
  'clear-task-set': TaskManagement.CLEAR_TASK_SET,
  'logical-unit-reset': TaskManagement.LOGICAL_UNIT_RESET,
  'query-asynchronous-event': TaskManagement.QUERY_ASYNCHRONOUS_EVENT,
  'query-task-set': TaskManagement.QUERY_TASK_SET,
  'target-reset': TaskManagement.TARGET_RESET,
};

const CODES: Readonly<Record<TaskManagementResponse, number>> = {
  complete: RspCode.TASK_MANAGEMENT_COMPLETE,
  succeeded: RspCode.TASK_MANAGEMENT_SUCCEEDED,
  rejected: RspCode.TASK_MANAGEMENT_REJECTED,
  'incorrect-lun': RspCode.INCORRECT_LUN,
  failed: RspCode.TASK_MANAGEMENT_FAILED,
};

/** The function that flags of FCP_CMND ask for; `undefined` for none of FCP-4's, or for more than one. */
export function functionOf(taskManagementFlags: number): TaskManagementFunction | undefined {
  for (const [name, flag] of Object.entries(FLAGS)) {
    if (flag === taskManagementFlags) return name as TaskManagementFunction;
  }
  return undefined;
}

/** The flag of FCP_CMND for a function; `undefined` where FCP has none. */
export function flagOf(taskFunction: TaskManagementFunction): number | undefined {
  return FLAGS[taskFunction];
}

/** The FCP_RSP for a task management function. */
export function managementRspOf(response: TaskManagementResponse): Uint8Array {
  return fcpRsp.encode({
    rspInfo: { rspCode: CODES[response], reserved2: new Uint8Array(4) },
  });
}

/** What an FCP_RSP says of a task management function. Errors: `CodecError`. */
function responseOf(frame: Uint8Array, at: number, end: number): TaskManagementResponse {
  const code = fcpRsp.decode(frame, at, end).rspInfo?.rspCode;
  for (const [name, one] of Object.entries(CODES)) {
    if (one === code) return name as TaskManagementResponse;
  }
  return 'failed';
}

type Done = (response: TaskManagementResponse) => void;

/** A task management function under way, which is an exchange. */
class ManagementExchange extends Exchange {
  readonly #lport: Lport;
  readonly #done: Done;

  constructor(lport: Lport, rport: Rport, done: Done) {
    super(rport.portId);
    this.#lport = lport;
    this.#done = done;
  }

  handleFrame(_header: FcHeader, frame: Uint8Array, at: number, end: number): void {
    let response: TaskManagementResponse = 'failed';
    try {
      response = responseOf(frame, at, end);
    } catch (error) {
      if (!(error instanceof CodecError)) throw error;
      this.#lport.contradiction(error.message);
    }
    this.#lport.exchanges.end(this);
    this.#done(response);
  }

  handleClosed(): void {
    this.#done('failed');
  }
}

/** Asks a target for a task management function; `done` is called once. */
export function askToManage(
  lport: Lport,
  rport: Rport,
  request: TaskManagementRequest,
  done: Done,
): void {
  const flag = flagOf(request.function);
  if (flag === undefined) {
    done('rejected');
    return;
  }
  const exchange = new ManagementExchange(lport, rport, done);
  if (rport.state !== 'ready' || !lport.exchanges.open(exchange)) {
    done('failed');
    return;
  }
  exchange.timer = lport.after(request.timeoutNs, () =>
    lport.exchanges.abort(exchange, 2 * lport.rATovNs, () => done('failed')),
  );
  sendTaskManagement(lport, exchange, request.lun, flag);
}
