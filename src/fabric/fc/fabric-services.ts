/**
 * The services of a fabric on one switch, joined: logins and their ends, name server, fabric
 * controller. How frames reach them, and what carries their own, is the F_Port's.
 *
 * Ownership: a switch owns one; its parts work on one context.
 */
import { ApplicationServer } from './application-server.ts';
import { carryOut, type FabricAnswer, type FabricCommand } from './commands.ts';
import type { FabricContext } from './context.ts';
import { ElsOriginator } from './els-originator.ts';
import type { FPort } from './f-port.ts';
import { FabricController } from './fabric-controller.ts';
import { LoginServer } from './login-server.ts';
import { Logins } from './logins.ts';
import { Logouts } from './logouts.ts';
import { NameServer } from './name-server.ts';
import { NameServerDatabase } from './name-server-database.ts';
import { PerformanceNotices } from './performance-notices.ts';
import { ServiceElsResponder } from './service-els.ts';
import { ServiceSender } from './service-sender.ts';
import { Services } from './services.ts';
import { VirtualEntities } from './virtual-entities.ts';

/** The services of one switch, on one context and one set of F_Ports. */
export class FabricServices {
  readonly controller: FabricController;
  readonly logouts: Logouts;
  readonly loginServer: LoginServer;
  readonly services: Services;
  readonly notices: PerformanceNotices;
  readonly #applicationServer: ApplicationServer;
  readonly #context: FabricContext;
  readonly #fPort: FPort;
  readonly #names: NameServerDatabase;
  readonly #originator: ElsOriginator;

  constructor(context: FabricContext, fPort: FPort) {
    const sender = new ServiceSender(fPort);
    const originator = new ElsOriginator(context, sender);
    const fabricController = new FabricController(context, originator);
    const names = new NameServerDatabase(context);
    const logouts = new Logouts(context, { fabricController, names, fPort });
    const notices = new PerformanceNotices(context, sender);
    const entities = new VirtualEntities(context);
    const els = new ServiceElsResponder(context, {
      sender,
      originator,
      fabricController,
      logouts,
      entities,
      notices,
    });
    const applicationServer = new ApplicationServer(context);
    const nameServer = new NameServer(context, names, fabricController);
    this.#context = context;
    this.#fPort = fPort;
    this.#names = names;
    this.#originator = originator;
    this.controller = fabricController;
    this.logouts = logouts;
    this.loginServer = new LoginServer(context, { fPort, logouts, names });
    this.services = new Services(context, {
      sender,
      originator,
      nameServer,
      applicationServer,
      els,
    });
    this.notices = notices;
    this.#applicationServer = applicationServer;
  }

  /** Virtual machines that have an application identifier. */
  get machinesNamed(): number {
    return this.#applicationServer.size;
  }

  /** Requests of its own that wait for an answer. */
  get requestsUnderWay(): number {
    return this.#originator.size;
  }

  /** Carries out what a mover asks for. */
  carryOut(command: FabricCommand): FabricAnswer {
    return carryOut(this.#context, this.logouts, this.#fPort, command);
  }

  /** A power cycle: logins, registrations and open exchanges are gone, and nobody is told. */
  restart(): void {
    const context = this.#context;
    for (const login of [...context.logins.all()]) context.logins.remove(login);
    context.logins = new Logins(context.config.domain, context.config.ports);
    context.zones.clear();
    this.#names.clear();
    this.#originator.clear();
    this.controller.clear();
    this.notices.clear();
    this.#applicationServer.clear();
    context.ids.restart(context.core.now);
  }
}
