/** Extended link services: logins, state changes, diagnostics. Source: FC-LS-3 and later. */
export * from './codes.ts';
export * from './exchange.ts';
export * from './family.ts';
export * from './login.ts';
export * from './process-login.ts';
export * from './service-parameters.ts';
export * from './session.ts';
export * from './state-change.ts';
