/** How long a host bears with paths that are gone, by the names of Linux. */
import { type Instant, SECOND } from '../machine/machine.ts';

/** Which paths a host takes first: those that the array calls optimized, or those that do not leave its site. */
export const PATH_PREFERENCES = ['optimized', 'near'] as const;

/** How long a host bears with paths that are gone. */
export interface PathOptions {
  /**
   * `fast_io_fail_tmo`: what was under way on a login that ended waits so long for its coming back,
   * before it goes on over another path.
   */
  readonly fastIoFailNs: Instant;
  /** `dev_loss_tmo`: a path whose login does not come back within this time is given up. */
  readonly devLossNs: Instant;
  /**
   * `no_path_retry`: I/O for a logical unit that no path serves waits so long before it fails;
   * `queue`: as long as the guest does.
   */
  readonly noPathRetryNs: Instant | 'queue';
  /** Ports of the host whose way does not leave its site: paths over them are taken first, optimized or not. */
  readonly nearPorts?: readonly number[];
  /** A guest that begins to run here has its units' near paths made optimized ones, by SET TARGET PORT GROUPS. */
  readonly claims?: boolean;
}

/**
 * What holds of a host where its options leave it out. A virtual port's host sends again at once what
 * a lost login had under way (0); Linux's `fc_remote_ports` keep a lost port for 60 s; a hypervisor queues.
 */
export const PATH_DEFAULTS: PathOptions = {
  fastIoFailNs: 0,
  devLossNs: 60 * SECOND,
  noPathRetryNs: 'queue',
};
