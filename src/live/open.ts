/** A server with its control socket, from what a command line or a program asks for. */
import { resolve } from 'node:path';
import { type ByteSink, fileSink } from '../capture/sink.ts';
import type { LoadedScenario } from '../scenario/load.ts';
import { CONTROL_COMMANDS } from './control/commands.ts';
import { ControlSocket } from './control/socket.ts';
import { HistoryAccount } from './history-account.ts';
import { checkDistinct, ListenError, listenAddressFrom } from './listen-address.ts';
import type { LogRecord } from './log.ts';
import { LunError } from './lun-source.ts';
import {
  type Management,
  type ManagementOptions,
  managementOf,
  openManagement,
} from './management/management.ts';
import {
  defaultPlan,
  type PlanOptions,
  type ServePlan,
  withIscsi,
  withLan,
  withNbd,
} from './plan.ts';
import { scenarioPlan } from './plan-scenario.ts';
import { type LiveRandom, LiveServer } from './server.ts';

/** What is asked for. */
export interface OpenOptions extends PlanOptions, ManagementOptions {
  /** Without one: the fabrics that the addresses name, one array, all its logical units for everybody. */
  readonly scenario?: LoadedScenario | undefined;
  /** Path of the control socket. */
  readonly control?: string | undefined;
  /** Where every frame goes: a file's path, or a sink. */
  readonly tap?: string | ByteSink | undefined;
  /** Where what switches and array tell goes, beside the tap; with both, `replay --history` judges the run again. */
  readonly history?: string | ByteSink | undefined;
  /** The run is judged by frames and history, for `account.conclude()`. Default: where the page shows it. */
  readonly judges?: boolean;
  readonly random: (name: string) => LiveRandom;
  readonly log: (record: LogRecord) => void;
  /** As `ServerOptions` has it. */
  readonly prepare?: (server: LiveServer) => void;
}

/** A server that runs. */
export interface OpenServer {
  readonly server: LiveServer;
  /** Where the management fronts listen that were asked for. */
  readonly management: Management['addresses'];
  /** Where the run is judged, or its history written. */
  readonly account: HistoryAccount | undefined;
  /** Gives fronts and the control socket up, logs everybody out and closes the rest. */
  close(): Promise<void>;
}

/** Opens all of it, or nothing. Errors: `ListenError`, `LunError`, `CaptureError`. */
export async function openServer(options: OpenOptions): Promise<OpenServer> {
  const { control, history, log, random, scenario, tap } = options;
  const fronts = managementOf(scenario?.scenario.management, options);
  const judges = options.judges ?? fronts.web !== undefined;
  const plan = planOf(options);
  let account: HistoryAccount | undefined;
  const prepare = (server: LiveServer): void => {
    if (history !== undefined || judges) {
      account = new HistoryAccount(server, {
        judges,
        sink: typeof history === 'string' ? fileSink(history) : history,
        failed: (error) =>
          server.log('error', 'history-failed', `the history ends here: ${error.message}`),
      });
    }
    options.prepare?.(server);
  };
  const sink = typeof tap === 'string' ? () => fileSink(tap) : tap === undefined ? tap : () => tap;
  const server = await LiveServer.open({
    plan,
    random,
    log,
    prepare,
    ...(sink === undefined ? {} : { tap: sink }),
  });
  let socket: ControlSocket | undefined;
  let management: Management | undefined;
  const close = async (): Promise<void> => {
    await management?.close();
    await socket?.close();
    await server.close();
    await account?.close();
  };
  try {
    management = await openManagement(server, account, fronts);
    if (control !== undefined) socket = await ControlSocket.open(control, server, CONTROL_COMMANDS);
  } catch (error) {
    await close();
    throw error;
  }
  return { server, management: management.addresses, account, close };
}

function planOf({ control, history, scenario, tap, ...options }: OpenOptions): ServePlan {
  const {
    iscsi,
    listen,
    luns,
    services = [],
    exports: rules = [],
    lan = [],
    layouts = false,
    nbd = [],
    peers = [],
    vlan,
    witness,
  } = options;
  if (scenario === undefined) refuseHalves(options);
  const given = {
    ...{ iscsi, listen, luns, services, exports: rules, nbd, lan, peers, witness },
    ...(vlan === undefined ? {} : { vlan }),
  };
  const base = scenario === undefined ? defaultPlan(given) : scenarioPlan(scenario, given);
  const served = layouts ? { ...base, layouts } : base;
  const plan = withNbd(withLan(withIscsi(served, iscsi), lan), nbd);
  checkDistinct([
    ...plan.listen,
    ...nbd.map((place) => ({ fabric: undefined, place })),
    ...(control === undefined ? [] : [listenAddressFrom('--control', `unix:${control}`)]),
  ]);
  checkFilesDistinct(
    plan,
    [tap, history].filter((one) => typeof one === 'string'),
  );
  return plan;
}

/** Two arrays with a leg each are a scenario's. Errors: `ListenError`. */
function refuseHalves({ peers = [], witness }: PlanOptions): void {
  if (peers.length > 0 || witness !== undefined)
    throw new ListenError(
      `serve: ${peers.length > 0 ? '--peer' : '--witness'} goes with a scenario whose array is stretched; name one`,
    );
}

/** A file that two would write is refused before anything is opened. Errors: `LunError`. */
function checkFilesDistinct({ units }: ServePlan, others: readonly string[]): void {
  const files = units.flatMap(({ source }) => (source.kind === 'file' ? [source.path] : []));
  const seen = new Set<string>();
  for (const path of [...files, ...others]) {
    const whole = resolve(path);
    if (seen.has(whole))
      throw new LunError(
        `serve: ${path} is given twice; each unit, the tap and the history need their own file`,
      );
    seen.add(whole);
  }
}
